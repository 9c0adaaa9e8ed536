import type { Phase } from './names.ts';

/** Which part of a job's progress each phase covers. Scenes are nearly all the work, so they get nearly all the bar. */
export const phaseSpans: Readonly<Record<Phase, { readonly from: number; readonly to: number }>> = {
  planning: { from: 0, to: 0.03 },
  dispatching: { from: 0.03, to: 0.05 },
  rendering: { from: 0.05, to: 0.85 },
  assembling: { from: 0.85, to: 0.95 },
  uploading: { from: 0.95, to: 0.99 },
};

/** The progress of the whole job where a phase has come so far (0–1). */
export function progressWithin(phase: Phase, share: number): number {
  const { from, to } = phaseSpans[phase];
  return from + (to - from) * Math.min(Math.max(share, 0), 1);
}
