// A scene that cannot be rendered: an FFmpeg that fails on demand stands in the place of the real one and else is the real one.
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../contract/job.ts';
import { isFinal } from '../../contract/names.ts';
import { chooseFfmpeg } from '../../tools/ffmpeg-choice.ts';
import { type Stack, startStack } from '../../tools/stack.ts';
import { FilmClient } from '../support/film-client.ts';

/** Frames of the scene that fails while the marker file is there. */
const poisonedFrames = 17;

let folder = '';
let marker = '';
let stack: Stack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-failure-'));
  marker = join(folder, 'fail');
  const program = join(folder, 'ffmpeg');
  const { ffmpeg, ffprobe } = await chooseFfmpeg();
  const script = [
    '#!/bin/sh',
    `case "$*" in *"-frames:v ${poisonedFrames} "*)`,
    `  if [ -e ${marker} ]; then echo "[error] the encoder broke" >&2; exit 1; fi;;`,
    'esac',
    `exec ${ffmpeg.path} "$@"`,
  ];
  await writeFile(program, `${script.join('\n')}\n`);
  await chmod(program, 0o755);
  await writeFile(marker, '');
  stack = await startStack({
    isDisposable: true,
    ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
    environment: {
      CANVAS_WIDTH_MIN: '16',
      CANVAS_HEIGHT_MIN: '16',
      FFMPEG_PATH: program,
      // The program looks for a file that the sandbox would hide from it.
      SANDBOX: 'none',
      // It knows the scene by its number of frames, of which most would only be repeated.
      REPEAT_STILLS: 'off',
      FFPROBE_PATH: ffprobe.path,
    },
  });
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

const client = new FilmClient(() => stack);

async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await client.call<Body>(method, path, body);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.body;
}

const untilEnded = (jobId: string): Promise<JobView> =>
  client.untilJob(jobId, ({ status }) => isFinal(status));

function movie(): object {
  const scene = (id: string, frames: number) => ({
    id,
    duration: frames / 30,
    layers: [{ type: 'text', text: id, fontSize: 10 }],
  });
  return {
    width: 64,
    height: 36,
    scenes: [scene('good', 40), scene('also good', 35), scene('poison', poisonedFrames)],
  };
}

describe('a scene that fails for good', () => {
  it('fails the job by its name, leaves nothing and costs nothing; a retry renders only what is missing', async () => {
    const before = await ask<object>('GET', '/v1/usage');
    const document = {
      kind: 'movie',
      projectId: 'default',
      movie: movie(),
      renderOptions: { requestedConcurrency: 1 },
    };
    const { jobId } = await ask<{ jobId: string }>('POST', '/v1/render/jobs', document);
    const failed = await untilEnded(jobId);
    expect(failed).toMatchObject({ status: 'failed', phase: null, outputUrl: null, mediaData: null });
    expect(failed.error).toBe('SCENE_RENDER_FAILED: FFmpeg exited with code 1 on scene poison');
    expect(failed.errorDetail).toMatchObject({
      code: 'SCENE_RENDER_FAILED',
      sceneId: 'poison',
      sceneIndex: 2,
      attempt: 1,
    });
    expect(failed.errorDetail?.stderrTail).toContain('the encoder broke');
    expect(failed.children).toMatchObject({ total: 3, succeeded: 2, failed: 1, running: 0, queued: 0 });
    expect(await ask<object>('GET', '/v1/usage')).toEqual(before);
    const objects = await readdir(join(stack.home, 'store'), { recursive: true });
    expect(objects.filter((name) => name.includes(jobId) && /intermediates|outputs/.test(name))).toEqual([]);

    await rm(marker);
    const retried = await ask<{ jobId: string }>('POST', `/v1/jobs/${jobId}/retry`);
    const done = await untilEnded(retried.jobId);
    expect(done).toMatchObject({ status: 'done', children: { total: 3, succeeded: 3, cached: 2 } });
  });
});
