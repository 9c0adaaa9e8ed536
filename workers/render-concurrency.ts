import { availableParallelism } from 'node:os';
import type { Settings } from '../contract/settings.ts';

/** FFmpeg activities at once on this worker: one for each core where the settings leave it open. */
export function renderConcurrency(settings: Settings): number {
  return settings.RENDER_CONCURRENCY === 0 ? availableParallelism() : settings.RENDER_CONCURRENCY;
}

/** A graph gains little from more, and each thread costs address space, of which a run has a bound. */
const filterThreadsMax = 8;
/** While one branch of a graph waits, another one has work. */
const filterThreadsMin = 2;

/** Threads of one FFmpeg's filters: its share of the cores. */
export function filterThreads(settings: Settings, cores = availableParallelism()): number {
  const share = Math.ceil(cores / renderConcurrency(settings));
  return Math.min(filterThreadsMax, Math.max(filterThreadsMin, share));
}
