import { formatPath, type PathStep } from './json-path.ts';

/** Where more has changed than this, a longer list tells no more. */
const CHANGED_PATHS_MAX = 50;

/**
 * What differs between two `SceneSource.source` values, as paths of the document (`movie.scenes[3].layers[0].text`,
 * `movie.width`, `movie.overlays[0].x`, `renderOptions.crf`) and of the engine (`renderer`, `fonts`, `settings.threads`).
 */
export function changedPaths(previous: unknown, current: unknown, sceneIndex: number): readonly string[] {
  const found: PathStep[][] = [];
  findChanges(previous, current, { steps: [], found });
  return found.map((steps) => formatPath(documentSteps(steps, sceneIndex)));
}

type Walk = { readonly steps: readonly PathStep[]; readonly found: PathStep[][] };

function findChanges(previous: unknown, current: unknown, { steps, found }: Walk): void {
  if (found.length >= CHANGED_PATHS_MAX || previous === current) return;
  if (!isNode(previous) || !isNode(current) || Array.isArray(previous) !== Array.isArray(current)) {
    found.push([...steps]);
    return;
  }
  const names = new Set([...Object.keys(previous), ...Object.keys(current)]);
  for (const name of names) {
    const step = Array.isArray(current) ? Number(name) : name;
    findChanges(previous[name], current[name], { steps: [...steps, step], found });
  }
}

// A source keeps the scene beside the movie; in the document it stands inside.
function documentSteps(steps: readonly PathStep[], sceneIndex: number): readonly PathStep[] {
  const [root, ...rest] = steps;
  if (root === undefined) return ['movie'];
  if (root === 'scene') return ['movie', 'scenes', sceneIndex, ...rest];
  return root === 'overlays' ? ['movie', 'overlays', ...rest] : steps;
}

type Node = { readonly [name: string]: unknown };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
