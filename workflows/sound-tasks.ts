// What the film's sound asks for, as tasks of the render window: the scenes' sounds in batches, and then the mix.
import type { MixOutcome } from './activity-types.ts';
import { clipsLost } from './job-failure.ts';
import type { Task } from './render-window.ts';
import { repairRoundsMax, soundBatchMax } from './schedule.ts';

export type SoundWork = {
  /** Scenes whose sound is missing, in film order. */
  readonly indices: readonly number[];
  /** How many lanes have nothing else to do. */
  readonly lanes: number;
  readonly render: (indices: readonly number[]) => Promise<void>;
  readonly mix: () => Promise<MixOutcome>;
};

/** The last batch to end is followed by the mix; sounds that the mix finds damaged are rendered and mixed again. */
export function soundTasks(work: SoundWork, round = 1): readonly Task[] {
  const { indices, render } = work;
  if (indices.length === 0) return [mixTask(work, round)];
  const size = Math.min(soundBatchMax, Math.ceil(indices.length / work.lanes));
  const batches = Array.from({ length: Math.ceil(indices.length / size) }, (_, number) =>
    indices.slice(number * size, (number + 1) * size),
  );
  let open = batches.length;
  return batches.map((batch) => async () => {
    await render(batch);
    open -= 1;
    return open === 0 ? [mixTask(work, round)] : [];
  });
}

function mixTask(work: SoundWork, round: number): Task {
  return async () => {
    const outcome = await work.mix();
    if (outcome.kind === 'mixed') return [];
    if (round >= repairRoundsMax) throw clipsLost(repairRoundsMax);
    return soundTasks({ ...work, indices: outcome.indices }, round + 1);
  };
}
