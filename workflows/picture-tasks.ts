// What a film's pictures ask for, as tasks of the render window: costly ones alone, cheap ones several to an activity.
import type { DispatchedScenes } from './activity-types.ts';
import type { Task } from './render-window.ts';
import { pictureBatchMax } from './schedule.ts';

export type PictureWork = Pick<DispatchedScenes, 'pictures' | 'cheapPictures' | 'concurrency'> & {
  /** Is told positions in `pictures`. */
  readonly render: (positions: readonly number[]) => Promise<void>;
};

/** In the order of the pictures, costliest first. */
export function pictureTasks(work: PictureWork): readonly Task[] {
  return groups(work).map((positions) => async () => {
    await work.render(positions);
    return [];
  });
}

/** No group so large that a lane has nothing to do. */
function groups({ pictures, cheapPictures, concurrency }: PictureWork): readonly (readonly number[])[] {
  const costly = pictures.length - cheapPictures;
  const size = Math.min(pictureBatchMax, Math.ceil(cheapPictures / concurrency));
  const positions = pictures.map((_, position) => position);
  const alone = positions.slice(0, costly).map((position) => [position]);
  const batches: (readonly number[])[] = [];
  for (let start = costly; start < positions.length; start += size) {
    batches.push(positions.slice(start, start + size));
  }
  return [...alone, ...batches];
}
