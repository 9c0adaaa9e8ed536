// Which stretches of a source are read, and from where, so that two scenes that cut one source meet without a seam.
import type { SoundLayer } from '../plan-compiler/render-plan.ts';

/** A stretch of the source that plays one or more times in a row. */
export type SoundRun = {
  readonly sourceSample: number;
  readonly samples: number;
  readonly times: number;
};

/** A loop up to this long is held in memory, 8 bytes a sample: 23 MB at 48 kHz. Longer ones are read again each time. */
const heldSecondsMax = 60;

/** Decoders and the resampler need what lies before: MP3's bit reservoir up to 0.25 s, Opus 0.08 s. */
const preRollSeconds = 0.5;

/** Whole seconds are whole samples at every rate, so that a seek shifts nothing. */
const seekStepSeconds = 1;
/** Matroska's time stamps are whole milliseconds: each seek may be half of one off, so there are few places to seek to. */
const matroskaStepSeconds = 300;

/** Equal stretches in a row become one. */
export function groupRepeats(segments: SoundLayer['segments'], sampleRate: number): readonly SoundRun[] {
  const runs: SoundRun[] = [];
  for (const { sourceSample, samples } of segments) {
    const last = runs.at(-1);
    const isRepeat = last?.sourceSample === sourceSample && last.samples === samples;
    if (last !== undefined && isRepeat && samples <= heldSecondsMax * sampleRate) {
      runs[runs.length - 1] = { ...last, times: last.times + 1 };
    } else {
      runs.push({ sourceSample, samples, times: 1 });
    }
  }
  return runs;
}

/** The second of the source at which reading begins for a sample. */
export function seekSeconds(sourceSample: number, sampleRate: number, demuxer: string): number {
  const step = demuxer === 'matroska' ? matroskaStepSeconds : seekStepSeconds;
  const wanted = sourceSample / sampleRate - preRollSeconds;
  return Math.max(0, Math.floor(wanted / step) * step);
}
