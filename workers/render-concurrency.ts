import { availableParallelism } from 'node:os';
import type { Settings } from '../contract/settings.ts';

/** FFmpeg activities at once on this worker: one for each core where the settings leave it open. */
export function renderConcurrency(settings: Settings): number {
  return settings.RENDER_CONCURRENCY === 0 ? availableParallelism() : settings.RENDER_CONCURRENCY;
}
