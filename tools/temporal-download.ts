// Lets the Temporal SDK download its dev server, in a process of its own, because the SDK's download cannot be broken off.
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from './child-process.ts';
import { isExecutableFile } from './find-program.ts';

/** A machine without the internet must not wait long for it. */
const downloadMsMax = 20_000;
/** Once bytes arrive, a slow line may take its time. */
const transferMsMax = 300_000;

export type DownloadOptions = {
  /** One for each version, so that an older program is never taken for this one. */
  readonly folder: string;
  /** For example "v1.5.1". */
  readonly version: string;
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
};

/** The path of the program. Throws where it cannot be had. */
export async function downloadTemporal(options: DownloadOptions): Promise<string> {
  await mkdir(options.folder, { recursive: true });
  const earlier = await newestProgram(options.folder);
  if (earlier !== null) return earlier;
  await runDownload(options);
  const path = await newestProgram(options.folder);
  if (path === null) throw new Error('the SDK left no program behind');
  return path;
}

async function runDownload(options: DownloadOptions): Promise<void> {
  const child = await startChild({
    file: process.execPath,
    args: ['--input-type=module', '--eval', downloadScript, options.folder, options.version],
    environment: options.environment ?? process.env,
    // The script's imports are looked up from here.
    cwd: import.meta.dirname,
  });
  const timeoutMs = options.timeoutMs ?? downloadMsMax;
  const stop = (): void => void child.stop(0);
  options.signal?.addEventListener('abort', stop, { once: true });
  const isTooSlow = await isStuck(options.folder, child.exited, timeoutMs);
  const exit = await child.stop(0);
  options.signal?.removeEventListener('abort', stop);
  options.signal?.throwIfAborted();
  if (isTooSlow) throw new Error(`nothing arrived within ${timeoutMs / 1000} s`);
  if (exit.code !== 0) throw new Error(lastReason(child.tail()));
}

/** The SDK writes to a temporary name while it downloads: a file that appears is the sign of life. */
async function isStuck(folder: string, exited: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const hasEnded = exited.then(() => true);
  if (await Promise.race([hasEnded, later(timeoutMs)])) return false;
  if ((await readdir(folder)).length === 0) return true;
  return !(await Promise.race([hasEnded, later(transferMsMax)]));
}

function later(milliseconds: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), milliseconds).unref();
  });
}

/** The SDK has no door for the download alone: it downloads, starts the server, and we end it at once. */
const downloadScript = `
  import { TestWorkflowEnvironment } from '@temporalio/testing';
  const executable = { type: 'cached-download', downloadDir: process.argv[1], version: process.argv[2] };
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
`;

async function newestProgram(folder: string): Promise<string | null> {
  const found: { path: string; modified: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (isExecutableFile(path)) found.push({ path, modified: (await stat(path)).mtimeMs });
  }
  return found.sort((a, b) => b.modified - a.modified)[0]?.path ?? null;
}

function lastReason(tail: string): string {
  const reasons = tail.split('\n').filter((line) => /error/i.test(line));
  return (reasons.at(-1) ?? 'the download failed').trim().slice(0, 300);
}
