import type { Settings } from '../contract/settings.ts';
import type { EngineLimits } from './compile-types.ts';

/** The operator's limits in the compiler's terms. */
export function engineLimits(settings: Settings): EngineLimits {
  return {
    canvasWidth: { min: settings.CANVAS_WIDTH_MIN, max: settings.CANVAS_WIDTH_MAX },
    canvasHeight: { min: settings.CANVAS_HEIGHT_MIN, max: settings.CANVAS_HEIGHT_MAX },
    fpsMax: settings.FPS_MAX,
    filmSecondsMax: settings.FILM_SECONDS_MAX,
    partSecondsMax: settings.PART_SECONDS_MAX,
  };
}
