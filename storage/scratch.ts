import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RenderError } from '../contract/errors.ts';
import { errorCode } from './store-error.ts';
import { isGone, parseInstance, printInstance, type WorkerInstance } from './worker-instance.ts';

export type ScratchOptions = {
  /** Parent of all scratch directories; shared with other programs. */
  readonly root: string;
  /** What one activity may use. */
  readonly maxBytes: number;
  /** This worker. */
  readonly instance: WorkerInstance;
};

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
  /** Removes all of it; to be called in `finally`. What cannot be removed now is swept later. */
  remove(): Promise<void>;
};

export type Scratch = {
  readonly root: string;
  /** Makes an empty directory for one activity. */
  open(jobId: string, name: string): Promise<ScratchDirectory>;
  /** Marks what is ours, and removes what workers and attempts that are gone have left; returns the names. */
  sweep(): Promise<readonly string[]>;
  /** What this worker's directories hold, all together. */
  usedBytes(): Promise<number>;
};

const PREFIX = 'scenemill-scratch-';
const WATCH_INTERVAL_MS = 1_000;
const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** Working directories below one root, each bounded in bytes and named after the worker that made it. */
export function createScratch(options: ScratchOptions): Scratch {
  const { root, maxBytes, instance } = options;
  const ownDir = join(root, `${PREFIX}${printInstance(instance)}`);
  const open = new Set<string>();
  let opened = 0;
  return {
    root,
    open: async (jobId, name) => {
      opened += 1;
      // Counted, because an attempt that was given up may still be at work in its own directory.
      const own = `${safe(jobId)}-${safe(name)}-${opened}`;
      // Before it is made: a sweep must not find it without an owner.
      open.add(own);
      const dir = join(ownDir, own);
      await mkdir(dir, { recursive: true, mode: 0o700 });
      return directory(dir, maxBytes, () => open.delete(own));
    },
    sweep: async () => [
      ...(await sweepOwn(ownDir, (name) => !open.has(name))),
      ...(await sweepOthers(root, instance)),
    ],
    usedBytes: () => bytesBelow(ownDir),
  };
}

function directory(dir: string, maxBytes: number, onRemoved: () => void): ScratchDirectory {
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
    remove: async () => {
      // The work that it was for has ended, well or not: that is what its caller has to say.
      await rm(dir, removal).catch(() => undefined);
      onRemoved();
    },
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

const removal = { recursive: true, force: true, maxRetries: 3 } as const;

/** What attempts of this worker have left that are over. */
async function sweepOwn(ownDir: string, isOver: (name: string) => boolean): Promise<readonly string[]> {
  const now = new Date();
  // Workers elsewhere see by it that we live. Before the first attempt there is nothing to mark.
  await utimes(ownDir, now, now).catch(() => undefined);
  const left = (await entriesOf(ownDir)).map(({ name }) => name).filter(isOver);
  for (const name of left) await rm(join(ownDir, name), removal);
  return left;
}

async function sweepOthers(root: string, own: WorkerInstance): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const entry of await entriesOf(root)) {
    if (!entry.isDirectory() || !entry.name.startsWith(PREFIX)) continue;
    const worker = parseInstance(entry.name.slice(PREFIX.length));
    const info = await stat(join(root, entry.name)).catch(() => null);
    if (worker === null || info === null || !isGone(worker, own, info.mtimeMs)) continue;
    await rm(join(root, entry.name), removal);
    removed.push(entry.name);
  }
  return removed;
}

function safe(name: string): string {
  if (!SAFE_NAME.test(name)) throw new Error(`"${name}" cannot be part of a scratch path.`);
  return name;
}
