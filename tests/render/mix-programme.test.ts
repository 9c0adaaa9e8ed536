import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RenderError } from '../../contract/errors.ts';
import { type MixRequest, mixProgramme } from '../../ffmpeg/mix-programme.ts';
import { sceneBus } from '../../ffmpeg/scene-bus.ts';
import { asSamples } from '../../plan-compiler/frame-time.ts';
import type { PlanAsset, SoundLayer } from '../../plan-compiler/render-plan.ts';
import { makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { tinyOutput } from '../support/film-output.ts';
import { writeWav } from '../support/sound-files.ts';

/** More than the pipes between the processes hold. */
const samples = 10 * 48_000;
let folder: TestFolder;

beforeAll(async () => {
  folder = await makeFolder();
  await writeWav(folder.path('music.wav'), {
    sampleRate: 48_000,
    channels: 2,
    samples,
    at: (sample) => Math.sin((2 * Math.PI * 440 * sample) / 48_000) / 2,
  });
});
afterAll(() => folder.remove());

const asset: PlanAsset = { objectKey: '', bytes: 0, demuxer: 'wav', kind: 'audio', video: null };

function music(gain: number): SoundLayer {
  return {
    asset: 'music',
    startSample: asSamples(0),
    samples: asSamples(samples),
    gain,
    fadeCurve: 'tri',
    fadeInSamples: asSamples(0),
    fadeOutSamples: asSamples(0),
    segments: [{ sourceSample: asSamples(0), samples: asSamples(samples) }],
  };
}

function request(name: string, change: Partial<MixRequest> = {}): MixRequest {
  return {
    programme: { totalSamples: asSamples(samples), tracks: [music(1)] },
    output: tinyOutput({ num: 30, den: 1 }),
    sceneSounds: sceneBus([{ samples, path: null }]),
    assets: new Map([['music', { path: folder.path('music.wav'), asset }]]),
    outputPath: folder.path(name),
    ...change,
  };
}

async function faultOf(faulty: MixRequest): Promise<RenderError> {
  const fault: unknown = await mixProgramme(testTools, faulty).catch((error: unknown) => error);
  if (fault instanceof RenderError) return fault;
  throw new Error('It was mixed, or failed otherwise.', { cause: fault });
}

describe('a mix with tracks over the scenes', () => {
  it('is the same, byte for byte, each time, and not that of another volume', async () => {
    await mixProgramme(testTools, request('one.m4a'));
    await mixProgramme(testTools, request('again.m4a'));
    const quieter = { programme: { totalSamples: asSamples(samples), tracks: [music(0.5)] } };
    await mixProgramme(testTools, request('other.m4a', quieter));
    const one = await readFile(folder.path('one.m4a'));
    expect(one.equals(await readFile(folder.path('again.m4a')))).toBe(true);
    expect(one.equals(await readFile(folder.path('other.m4a')))).toBe(false);
  });

  it('is refused, with what the mixing process said, where a track cannot be read', async () => {
    await writeFile(folder.path('broken.wav'), 'no sound at all');
    const assets = new Map([['music', { path: folder.path('broken.wav'), asset }]]);
    const fault = await faultOf(request('never.m4a', { assets }));
    expect(fault.code).toBe('ASSEMBLE_FAILED');
    expect(fault.message).toContain("mixing the film's sound");
    expect(fault.context.stderrTail).toContain('broken.wav');
  });

  it('is refused where a scene is too short, and where the result cannot be written', async () => {
    const short = folder.path('short.f32');
    await writeFile(short, Buffer.alloc(800));
    const sceneSounds = sceneBus([{ samples, path: short }]);
    expect((await faultOf(request('never.m4a', { sceneSounds }))).message).toContain('100 of 480000 samples');
    const outputPath = folder.path('nowhere/never.m4a');
    expect((await faultOf(request('', { outputPath }))).context.stderrTail).toContain('nowhere');
  });

  it('stops both processes when it is told to', async () => {
    const stop = new AbortController();
    const mixing = mixProgramme(testTools, request('stopped.m4a', { signal: stop.signal }));
    stop.abort(new Error('stop now'));
    await expect(mixing).rejects.toThrow('stop now');
  });
});
