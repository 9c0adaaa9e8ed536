import { createHash } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../contract/errors.ts';
import type { JobView } from '../contract/job.ts';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';

/** A download from which nothing comes for so long is given up. */
const idleMsMax = 30_000;
/** A way that breaks off is tried from the beginning again. */
const triesMax = 3;
const pauseMs = 1_000;

export type Download = { readonly file: string; readonly signal: AbortSignal };

/** Brings the film of a finished job to a file, under a temporary name until its hash is right. */
export async function downloadResult(client: ApiClient, job: JobView, download: Download): Promise<void> {
  const { file, signal } = download;
  if (job.outputUrl === null) throw new CliFailure('NO_OUTPUT', `Job ${job.jobId} has no output any more.`);
  const partial = `${file}.${process.pid}.partial`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const sha256 = await fetchPatiently(client, job.outputUrl, { file: partial, signal });
    if (job.mediaData !== null && sha256 !== job.mediaData.sha256) {
      const text = 'The film that came is not the film that was rendered.';
      throw new CliFailure('DOWNLOAD_DAMAGED', `${text} ${whereItIs(job)}`);
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof CliFailure || signal.aborted) throw error;
    const text = `${file}: ${errorMessage(error).replace(/\.?$/, '.')}`;
    throw new CliFailure('DOWNLOAD_FAILED', `${text} ${whereItIs(job)}`, { cause: error });
  }
}

const whereItIs = ({ jobId }: JobView): string =>
  `It is on the server: "scenemill status ${jobId}" shows its link.`;

/** Refuses, before anything is rendered for it, a file that could not be written. */
export async function requirePlace(file: string): Promise<void> {
  const refusal = (why: string, cause?: unknown): CliFailure =>
    new CliFailure('FILE_NOT_WRITTEN', `The film cannot be written to ${file}: ${why}`, {
      exitCode: exitCodes.usage,
      cause,
    });
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory() === true) throw refusal('that is a folder; name a file.');
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw refusal(errorMessage(error), error);
  }
}

/** What the server answers is final; a way that broke is not. */
async function fetchPatiently(client: ApiClient, url: string, download: Download): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await fetchTo(client, url, download);
    } catch (error) {
      if (download.signal.aborted || tries === triesMax || !isBrokenWay(error)) throw error;
      await sleep(pauseMs * tries, undefined, { signal: download.signal });
    }
  }
}

async function fetchTo(client: ApiClient, url: string, { file, signal }: Download): Promise<string> {
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
    const response = await client.openLink(url, AbortSignal.any([stall.signal, signal]));
    if (response.body === null) throw new Error('The server sent nothing.');
    await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(file, { mode: 0o644 }));
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
  }
}

/** A full disk or a folder that went is met by a second try, too. */
const diskFaults: ReadonlySet<unknown> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'ENOENT',
  'EIO',
  'EFBIG',
]);

function isBrokenWay(error: unknown): boolean {
  if (error instanceof ApiError) return error.isPassing;
  return !(error instanceof Error && 'code' in error && diskFaults.has(error.code));
}
