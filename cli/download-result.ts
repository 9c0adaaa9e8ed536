import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorMessage } from '../contract/errors.ts';
import type { JobView } from '../contract/job.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { CliFailure } from './cli-failure.ts';

/** A download from which nothing comes for so long is given up. */
const idleMsMax = 30_000;

/** Brings the film of a finished job to a file, under a temporary name until its hash is right. */
export async function downloadResult(client: ApiClient, job: JobView, file: string): Promise<void> {
  if (job.outputUrl === null) throw new CliFailure('NO_OUTPUT', `Job ${job.jobId} has no output any more.`);
  const partial = `${file}.${process.pid}.partial`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const sha256 = await fetchTo(client, job.outputUrl, partial);
    if (job.mediaData !== null && sha256 !== job.mediaData.sha256) {
      throw new CliFailure(
        'DOWNLOAD_DAMAGED',
        'The film that came is not the film that was rendered. Try again.',
      );
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof CliFailure || error instanceof ApiError) throw error;
    throw new CliFailure('DOWNLOAD_FAILED', `${file}: ${errorMessage(error)}`, { cause: error });
  }
}

async function fetchTo(client: ApiClient, url: string, file: string): Promise<string> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(new Error('The download stalled.')), idleMsMax);
  const hash = createHash('sha256');
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      timer.refresh();
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const response = await client.openLink(url, stall.signal);
    if (response.body === null) throw new Error('The server sent nothing.');
    await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(file, { mode: 0o644 }));
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
  }
}
