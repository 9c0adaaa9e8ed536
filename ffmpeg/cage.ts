// What surrounds every run of FFmpeg: bounds of memory, file size and processor time, and where it can be had a sandbox in
// which there is nothing but the programs, the files named, and no network.
import { dirname } from 'node:path';

export type Cage = {
  /** util-linux's setpriv, which makes FFmpeg die with the worker; null where there is none. */
  readonly setprivPath: string | null;
  /** util-linux's prlimit; null where there is none, and then only FFmpeg's own limits hold. */
  readonly prlimitPath: string | null;
  readonly sandbox: Sandbox;
  readonly limits: CageLimits;
};

export type Sandbox =
  | {
      readonly kind: 'bwrap';
      readonly path: string;
      /** What every run sees: programs, libraries, /dev/null. */
      readonly view: readonly string[];
    }
  | { readonly kind: 'none'; readonly reason: string };

export type CageLimits = {
  /** Address space of one run. */
  readonly memoryBytesMax: number;
  /** No file of a run grows larger: the backstop behind the watch over the scratch folder. */
  readonly fileBytesMax: number;
};

/** A run that does not end: 30 minutes of eight busy cores. Bounds in wall-clock time come first. */
const cpuSecondsMax = 14_400;
/** FFmpeg hears of SIGXCPU and ends; what does not hear is killed so much later. */
const cpuSecondsGrace = 30;

/** One run of a program, and all that it may touch. */
export type CagedRun = {
  readonly path: string;
  readonly arguments: readonly string[];
  /** Absolute paths of files. */
  readonly reads: readonly string[];
  /** Absolute paths of files that it makes; their folders are all that it can write into. */
  readonly writes: readonly string[];
};

/** The whole command line, the program to start first. */
export function cageCommand(cage: Cage, run: CagedRun): readonly [string, ...string[]] {
  const guarded = [...guard(cage, run), run.path, ...run.arguments];
  const [program = run.path, ...rest] = [...limit(cage), ...guarded];
  return [program, ...rest];
}

/** For programs that are asked about themselves, before there is a cage. */
export const openGround: Cage = {
  setprivPath: null,
  prlimitPath: null,
  sandbox: { kind: 'none', reason: 'the program is only asked about itself' },
  limits: { memoryBytesMax: Number.MAX_SAFE_INTEGER, fileBytesMax: Number.MAX_SAFE_INTEGER },
};

function limit({ prlimitPath, limits }: Cage): readonly string[] {
  if (prlimitPath === null) return [];
  return [
    ...[prlimitPath, `--as=${limits.memoryBytesMax}`, `--fsize=${limits.fileBytesMax}`],
    ...[`--cpu=${cpuSecondsMax}:${cpuSecondsMax + cpuSecondsGrace}`, '--core=0', '--'],
  ];
}

/** Bubblewrap ties lives itself, so that setpriv would be one more start for nothing. */
function guard({ sandbox, setprivPath }: Cage, run: CagedRun): readonly string[] {
  if (sandbox.kind === 'bwrap') return [sandbox.path, ...sandbox.view, ...filesOf(run), '--'];
  return setprivPath === null ? [] : [setprivPath, '--pdeathsig', 'KILL', '--'];
}

/** The folders of what is written, and over them what is only read: sources may be links into the worker's own cache. */
function filesOf({ reads, writes }: CagedRun): readonly string[] {
  const folders = new Set(writes.filter(isOrdinary).map((path) => dirname(path)));
  // What is not there FFmpeg itself shall say.
  return [
    ...[...folders].flatMap((folder) => ['--bind', folder, folder]),
    ...[...new Set(reads)].flatMap((path) => ['--ro-bind-try', path, path]),
  ];
}

function isOrdinary(path: string): boolean {
  return !path.startsWith('/dev/');
}
