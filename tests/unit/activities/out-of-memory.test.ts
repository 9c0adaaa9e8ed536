// Whatever FFmpeg makes of a film, out of memory it is tried once more, alone. Its place is taken by a program that never has enough.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeProgramme } from '../../../activities/make-programme.ts';
import { makeSound } from '../../../activities/make-sound.ts';
import { MemoryGate } from '../../../activities/memory-gate.ts';
import type { MediaServices } from '../../../activities/services.ts';
import { storeThumbnail } from '../../../activities/store-thumbnail.ts';
import { openGround } from '../../../ffmpeg/cage.ts';
import { asSamples } from '../../../plan-compiler/frame-time.ts';
import type { RenderPlan, ScenePlan } from '../../../plan-compiler/render-plan.ts';
import { createScratch } from '../../../storage/scratch.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scenemill-memory-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const outOfMemory = "echo run >> RUNS\necho '[error] Cannot allocate memory' >&2\nexit 1\n";

async function place() {
  const program = join(root, 'ffmpeg');
  await writeFile(program, `#!/bin/sh\n${outOfMemory.replace('RUNS', join(root, 'runs'))}`);
  await chmod(program, 0o755);
  const tools = { ffmpegPath: program, ffprobePath: program, cage: openGround };
  const instance = { place: 'here', pid: process.pid, token: 'test' };
  const scratch = createScratch({ root, maxBytes: 1_000_000, instance });
  const given = {
    ffmpeg: tools,
    memory: new MemoryGate({ tools, shares: 2 }),
    clips: { find: () => Promise.resolve([]) },
    sources: { use: () => Promise.resolve() },
  };
  // What else there is of services is not asked for.
  const services = given as unknown as MediaServices;
  const folder = await scratch.open('job_1', 'attempt');
  const run = { attempt: 1, workersLost: 0, signal: new AbortController().signal };
  return { services, folder, run };
}

const samples = asSamples(4_800);
const layer = {
  asset: 'a',
  startSample: asSamples(0),
  samples,
  gain: 1,
  fadeCurve: 'tri',
  segments: [{ sourceSample: asSamples(0), samples }],
  fadeInSamples: asSamples(0),
  fadeOutSamples: asSamples(0),
};
const scene = {
  index: 0,
  sceneId: 'intro',
  frames: 3,
  startFrame: 0,
  soundKey: null,
  pictureKey: 'p',
  sound: { samples, layers: [layer] },
} as unknown as ScenePlan;
const plan = {
  scenes: [scene],
  totalFrames: 3,
  output: { sampleRate: 48_000, fps: { num: 30, den: 1 }, audio: { codec: 'aac', bitsPerSecond: 64_000 } },
  programme: { totalSamples: samples, tracks: [], scenes: [{ index: 0, soundKey: null, samples }] },
  assets: { a: { objectKey: 'assets/a', bytes: 1, demuxer: 'wav', kind: 'audio', video: null } },
} as unknown as RenderPlan;

const jobs = {
  "a scene's sound": async () => {
    const { services, folder, run } = await place();
    await makeSound(services, { plan, scene, folder, run });
  },
  "the film's sound": async () => {
    const { services, folder, run } = await place();
    await makeProgramme(services, { jobId: 'job_1', plan, folder, run });
  },
  'the thumbnail': async () => {
    const { services, folder, run } = await place();
    await storeThumbnail(services, { jobId: 'job_1', plan, folder, run }, run.signal);
  },
};

it.each(Object.keys(jobs) as (keyof typeof jobs)[])('%s is tried once more, alone', async (what) => {
  await expect(jobs[what]()).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  expect(await readFile(join(root, 'runs'), 'utf8')).toBe('run\nrun\n');
});
