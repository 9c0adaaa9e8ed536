// What is made on a server before it is asked: without them nearly every request would end in a 404.
import type { Stack } from '../../tools/stack.ts';
import { waitUntil } from '../../tools/wait-until.ts';
import type { RealThings } from './narrow-schema.ts';

const JOB_MS_MAX = 60_000;

/** A PNG of one pixel. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A job that is done, one of its scenes, one that was cancelled, and assets of two kinds. */
export async function makeThings(stack: Stack): Promise<RealThings> {
  const { projectId } = stack;
  const ask = async <Body>(method: string, path: string, body?: object | Buffer): Promise<Body> => {
    const isBytes = Buffer.isBuffer(body);
    const response = await fetch(`${stack.apiUrl}${path}`, {
      method,
      headers: {
        'x-api-key': stack.apiKey,
        ...(body === undefined ? {} : { 'content-type': isBytes ? 'image/png' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    // What our own server answers is what it describes.
    return (await response.json()) as Body;
  };
  const submit = (title: string) =>
    ask<{ jobId: string }>('POST', '/v1/render/jobs', { kind: 'movie', projectId, movie: movie(title) });
  const done = await submit('done');
  await waitUntil(
    async () => {
      const { status } = await ask<{ status: string }>('GET', `/v1/jobs/${done.jobId}`);
      if (status !== 'done') throw new Error(`the job is ${status}`);
    },
    { what: 'the first film', timeoutMs: JOB_MS_MAX },
  );
  const cancelled = await submit('cancelled');
  await ask('POST', `/v1/jobs/${cancelled.jobId}/cancel`);
  const asset = await ask<{ assetId: string }>('POST', `/v1/assets?projectId=${projectId}&name=dot.png`, dot);
  const scenes = await ask<{ jobs: { jobId: string }[] }>('GET', `/v1/jobs?parentJobId=${done.jobId}`);
  const jobIds = [done, cancelled, ...scenes.jobs].map(({ jobId }) => jobId);
  return { projectId, jobIds, assetIds: [asset.assetId] };
}

function movie(title: string): object {
  const layers = [{ type: 'color', color: '#102030' }];
  return { title, width: 64, height: 36, fps: 5, scenes: [{ id: 'one', duration: 0.4, layers }] };
}
