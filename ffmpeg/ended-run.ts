import type { ProcessEnd } from './run-process.ts';

/** A run of one of the programs that is over, for whoever counts and traces. */
export type EndedRun = {
  readonly program: 'ffmpeg' | 'ffprobe';
  readonly outcome: 'ok' | 'failed' | 'aborted';
  readonly startMs: number;
  readonly endMs: number;
  /** Length of the picture or sound that was made; 0 where none was. */
  readonly mediaSeconds: number;
};

export type RunObserver = (run: EndedRun) => void;

export function endRun(
  start: Pick<EndedRun, 'program' | 'startMs' | 'mediaSeconds'>,
  end: ProcessEnd,
): EndedRun {
  const how = end.exitCode === 0 ? 'ok' : 'failed';
  return { ...start, outcome: end.endedBy === 'abort' ? 'aborted' : how, endMs: Date.now() };
}
