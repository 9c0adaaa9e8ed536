import { asScratchFault, RenderError } from '../contract/errors.ts';
import type { ScenePlan } from '../plan-compiler/render-plan.ts';

/** The failure, with the scene that it happened in. */
export function nameScene(thrown: unknown, { sceneId, sceneIndex }: ScenePlan): unknown {
  const error = asScratchFault(thrown);
  if (!(error instanceof RenderError)) return error;
  return new RenderError(error.code, error.message, {
    ...error.context,
    retryable: error.retryable,
    sceneId,
    sceneIndex,
  });
}
