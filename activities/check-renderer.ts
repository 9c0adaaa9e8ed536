import { RenderError } from '../contract/errors.ts';
import type { RenderPlan } from '../plan-compiler/render-plan.ts';
import type { MediaServices } from './services.ts';

/** A clip rendered by another FFmpeg would not be the one that its key promises. */
export function checkRenderer({ renderer }: Pick<MediaServices, 'renderer'>, plan: RenderPlan): void {
  if (plan.output.renderer === renderer) return;
  throw new RenderError(
    'INTERNAL',
    'The plan was made for another version of FFmpeg or scenemill than this worker has.',
    {
      retryable: true,
      hint: 'Run the same image on all workers; the job goes on when such a worker takes it.',
    },
  );
}
