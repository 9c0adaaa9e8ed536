import { availableParallelism } from 'node:os';
import type { Settings } from '../contract/settings.ts';
import type { EngineLimits } from '../plan-compiler/compile-types.ts';

export function engineLimits(settings: Settings): EngineLimits {
  return {
    canvasWidth: { min: settings.CANVAS_WIDTH_MIN, max: settings.CANVAS_WIDTH_MAX },
    canvasHeight: { min: settings.CANVAS_HEIGHT_MIN, max: settings.CANVAS_HEIGHT_MAX },
    fpsMax: settings.FPS_MAX,
    filmSecondsMax: settings.FILM_SECONDS_MAX,
    partSecondsMax: settings.PART_SECONDS_MAX,
  };
}

/** FFmpeg activities at once on this worker. */
export function renderConcurrency(settings: Settings): number {
  return settings.RENDER_CONCURRENCY === 0 ? availableParallelism() : settings.RENDER_CONCURRENCY;
}
