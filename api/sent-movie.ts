import { DEPTH_MAX } from '../plan-compiler/admit-json.ts';
import { InvalidRequest } from './error-answer.ts';

/**
 * The movie of a body that was read as a submission, as its sender wrote it. What was read says nothing of their notes under
 * `x-`, which are kept: so it is here that they are held to the depth that the rest of a document is held to.
 */
export function sentMovie(body: unknown): unknown {
  const { movie } = body as { readonly movie: unknown };
  if (isDeeper(movie, DEPTH_MAX))
    throw new InvalidRequest('The document is not valid.', [
      {
        path: 'movie',
        message: `A note under "x-" is nested deeper than ${DEPTH_MAX} levels.`,
        hint: 'Keep notes flat, or as text.',
      },
    ]);
  return movie;
}

/** Without a call for each level, of which there may be a hundred thousand. */
function isDeeper(value: unknown, depthMax: number): boolean {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item.value !== 'object' || item.value === null) continue;
    if (item.depth > depthMax) return true;
    for (const part of Object.values(item.value)) open.push({ value: part, depth: item.depth + 1 });
  }
  return false;
}
