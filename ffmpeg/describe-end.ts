// Why a run of FFmpeg or FFprobe ended as it did: whose fault, and whether trying again can help.
import { type ErrorCode, freeScratchSpace } from '../contract/errors.ts';
import type { ProcessEnd } from './run-process.ts';

export type Fault = {
  /** Null: whatever the caller reports failures as. */
  readonly code: ErrorCode | null;
  /** Follows the program's name: "was ended by SIGSEGV". */
  readonly text: string;
  readonly isTransient: boolean;
  readonly hint: string;
};

/** A stalled input or filter writes no progress block at all; a working one writes four a second. */
export const silenceMsMax = 60_000;

/** Null where all is well. Exit code 0 with a failed trailer is a fault too: a disk that filled up at the very end (measured on 5.1). */
export function describeEnd(end: ProcessEnd, stderr: string): Fault | null {
  return (
    describeStop(end) ?? describeComplaint(end, stderr) ?? describeSignal(end) ?? describeCode(end, stderr)
  );
}

function describeStop({ endedBy }: ProcessEnd): Fault | null {
  if (endedBy !== 'silence') return null;
  return {
    code: null,
    text: `said nothing for ${silenceMsMax / 1000} s and was stopped`,
    isTransient: true,
    hint: 'The source may be damaged, or the machine overloaded.',
  };
}

type Complaint = Fault & { readonly pattern: RegExp };

const fileTooLarge: Fault = {
  code: 'SCRATCH_QUOTA_EXCEEDED',
  text: 'wrote a file larger than RENDER_SCRATCH_MAX_BYTES',
  isTransient: false,
  hint: 'Split the scene, or raise RENDER_SCRATCH_MAX_BYTES.',
};

/** In FFmpeg's, x264's and the C library's words, the same from 4.4 to 9. */
const complaints: readonly Complaint[] = [
  {
    // FFmpeg reports its own bound as a lack of memory, so this must come first.
    pattern: /exceeds max_streams/,
    code: null,
    text: 'found more streams than it may read',
    isTransient: false,
    hint: 'Upload a file with at most 16 streams.',
  },
  {
    // Threads need address space for their stacks, so EAGAIN is the memory bound's other face. And where x264 finds too little
    // for its first structures, FFmpeg blames the encoder's parameters (measured): ours are always the same, and valid.
    pattern:
      /Cannot allocate memory|malloc of size \d+ failed|Resource temporarily unavailable|bad_alloc|while opening encoder/,
    code: 'OUT_OF_MEMORY',
    text: 'needs more memory than one run may use',
    isTransient: false,
    hint: 'Use smaller sources or fewer layers, or raise FFMPEG_MEMORY_MAX_BYTES.',
  },
  {
    pattern: /No space left on device|Disk quota exceeded/,
    code: 'SCRATCH_FULL',
    text: 'found no space left on the scratch disk',
    isTransient: true,
    hint: freeScratchSpace,
  },
  // As process 1 FFmpeg is not ended by SIGXFSZ and finds its write refused instead.
  { pattern: /File too large/, ...fileTooLarge },
  {
    pattern: /received signal 24\b/,
    code: 'RENDER_TIMEOUT',
    text: 'used more processor time than one run may use',
    isTransient: false,
    hint: 'Split the scene, or lower its resolution.',
  },
];

function describeComplaint(end: ProcessEnd, stderr: string): Fault | null {
  const isWell = end.exitCode === 0 && !/Error writing trailer|No space left/.test(stderr);
  if (isWell) return null;
  return complaints.find(({ pattern }) => pattern.test(stderr)) ?? null;
}

/** What a shell or bubblewrap makes of a program that was ended by signal n: 128 + n. */
const signalNames: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  141: 'SIGPIPE',
  143: 'SIGTERM',
  153: 'SIGXFSZ',
  // FFmpeg's own code after TERM or INT, with a file that looks whole.
  255: 'a signal',
};

function describeSignal({ exitCode, killSignal }: ProcessEnd): Fault | null {
  const signal = killSignal ?? signalNames[exitCode ?? 0];
  if (signal === undefined) return null;
  if (signal === 'SIGXFSZ') return fileTooLarge;
  const isKilled = signal === 'SIGKILL';
  return {
    code: null,
    text: `was ended by ${signal}`,
    isTransient: true,
    hint: isKilled ? 'Look for a lack of memory on the worker.' : 'The last lines it wrote may say why.',
  };
}

function describeCode({ exitCode }: ProcessEnd, stderr: string): Fault | null {
  if (exitCode === 0 && !/Error writing trailer/.test(stderr)) return null;
  if (exitCode === 0)
    return { code: null, text: 'could not finish its file', isTransient: true, hint: freeScratchSpace };
  return {
    code: null,
    text: `exited with code ${exitCode ?? 'unknown'}`,
    isTransient: false,
    hint: 'The last lines it wrote say why.',
  };
}
