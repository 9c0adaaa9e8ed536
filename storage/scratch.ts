import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RenderError } from '../contract/errors.ts';
import { isProcessAlive } from './process-alive.ts';
import { errorCode } from './store-error.ts';

export type ScratchOptions = {
  /** Parent of all scratch directories; shared with other programs. */
  readonly root: string;
  /** What one activity may use. */
  readonly maxBytes: number;
  /** This worker: its process id and something random, such as "4711-x7f3". */
  readonly instance: WorkerInstance;
};

export type WorkerInstance = { readonly pid: number; readonly token: string };

/** One activity's own directory. */
export type ScratchDirectory = {
  readonly dir: string;
  /** The path of a file in it; the name is ours, never a caller's. */
  path(name: string): string;
  usedBytes(): Promise<number>;
  /** Throws SCRATCH_QUOTA_EXCEEDED above the bound. */
  check(): Promise<void>;
  /** Checks again and again until the signal ends it; rejects as soon as a check does. */
  watch(signal: AbortSignal): Promise<void>;
  /** Removes all of it; to be called in `finally`. */
  remove(): Promise<void>;
};

export type Scratch = {
  readonly root: string;
  /** Makes an empty directory for one activity. */
  open(jobId: string, name: string): Promise<ScratchDirectory>;
  /** Removes what workers that are gone have left; returns the names. */
  sweep(): Promise<readonly string[]>;
  /** What this worker's directories hold, all together. */
  usedBytes(): Promise<number>;
};

const PREFIX = 'scenemill-scratch';
const WATCH_INTERVAL_MS = 1_000;
const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const SAFE_TOKEN = /^[A-Za-z0-9]{1,32}$/;

/** Working directories below one root, each bounded in bytes and named after the worker that made it. */
export function createScratch(options: ScratchOptions): Scratch {
  const { root, maxBytes, instance } = options;
  if (!SAFE_TOKEN.test(instance.token)) throw new Error(`"${instance.token}" cannot name a worker.`);
  const ownDir = join(root, `${PREFIX}-${instance.pid}-${instance.token}`);
  let opened = 0;
  return {
    root,
    open: async (jobId, name) => {
      opened += 1;
      // Counted, because an attempt that was given up may still be at work in its own directory.
      const dir = join(ownDir, `${safe(jobId)}-${safe(name)}-${opened}`);
      await mkdir(dir, { recursive: true, mode: 0o700 });
      return directory(dir, maxBytes);
    },
    sweep: () => sweep(root, instance),
    usedBytes: () => bytesBelow(ownDir),
  };
}

function directory(dir: string, maxBytes: number): ScratchDirectory {
  const check = async (): Promise<void> => {
    const used = await bytesBelow(dir);
    if (used > maxBytes) throw quotaExceeded(used, maxBytes);
  };
  return {
    dir,
    path: (name) => join(dir, safe(name)),
    usedBytes: () => bytesBelow(dir),
    check,
    watch: async (signal) => {
      while (!signal.aborted) {
        await check();
        // The end of the wait is the end of the watch, not a failure.
        await sleep(WATCH_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    },
    remove: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function quotaExceeded(used: number, maxBytes: number): RenderError {
  return new RenderError(
    'SCRATCH_QUOTA_EXCEEDED',
    `The scene needs more than ${maxBytes} bytes of scratch space (${used} were in use).`,
    {
      hint: 'Use shorter or smaller sources in the scene, or raise RENDER_SCRATCH_MAX_BYTES on the workers.',
    },
  );
}

/** Lengths of files; a source linked from the asset cache counts as if it were copied. */
async function bytesBelow(dir: string): Promise<number> {
  let bytes = 0;
  for (const entry of await entriesOf(dir)) {
    const path = join(dir, entry.name);
    bytes += entry.isDirectory() ? await bytesBelow(path) : await fileBytes(path);
  }
  return bytes;
}

async function entriesOf(dir: string) {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function fileBytes(path: string): Promise<number> {
  const info = await stat(path).catch(() => null);
  return info?.size ?? 0;
}

async function sweep(root: string, own: WorkerInstance): Promise<readonly string[]> {
  const names = (await entriesOf(root)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const abandoned = names.filter((name) => isAbandoned(name, own));
  for (const name of abandoned) await rm(join(root, name), { recursive: true, force: true, maxRetries: 3 });
  return abandoned;
}

/** Our own process id with another token is a predecessor's: in a container every worker has the same one. */
function isAbandoned(name: string, own: WorkerInstance): boolean {
  const [, pidText, token] = new RegExp(`^${PREFIX}-(\\d+)-([A-Za-z0-9]+)$`).exec(name) ?? [];
  if (pidText === undefined) return false;
  const pid = Number(pidText);
  if (pid === own.pid) return token !== own.token;
  return !isProcessAlive(pid);
}

function safe(name: string): string {
  if (!SAFE_NAME.test(name)) throw new Error(`"${name}" cannot be part of a scratch path.`);
  return name;
}
