// A faulty document often has faults of two kinds: of form, and of content. The rest of it, without what is malformed, can
// still be compiled, so that both kinds are told at once.
import type { z } from 'zod';
import { RenderSubmission } from '../contract/submission.ts';

type Fault = z.core.$ZodIssue;
type Step = PropertyKey;
type JsonObject = Record<string, unknown>;

/** Length of a scene that cannot tell its own any more; what depends on lengths is then not to be judged. */
const stopgapSeconds = 1;

/** Findings that may be wrong when something was taken out of the document. */
const lengthCodes: ReadonlySet<string> = new Set([
  'fades-too-long',
  'film-too-long',
  'no-scene-length',
  'starts-after-end',
  'too-many-repeats',
]);

/** Whether a finding in the rest of the document holds for the whole of it. */
export function holdsForWhole(issue: { readonly code: string }): boolean {
  return !lengthCodes.has(issue.code);
}

/** The rest of the document; null where too little is left to go on with. Positions stay: indices are those of the whole. */
export function withoutFaults(document: unknown, faults: readonly Fault[]): RenderSubmission | null {
  const rest: unknown = structuredClone(document);
  for (const fault of faults) {
    if (fault.code === 'unrecognized_keys') removeKeys(rest, fault.path, fault.keys);
    else removePlace(rest, fault.path);
  }
  const parsed = RenderSubmission.safeParse(rest);
  return parsed.success ? parsed.data : null;
}

function removeKeys(rest: unknown, path: readonly Step[], keys: readonly string[]): void {
  const place = valueAt(rest, path);
  if (isObject(place)) for (const key of keys) Reflect.deleteProperty(place, key);
}

/** Takes out the smallest thing that can be missed: a layer, a track, or a property with a default. */
function removePlace(rest: unknown, path: readonly Step[]): void {
  const [root, list, index, property, position] = path;
  const movie = isObject(rest) ? rest.movie : undefined;
  if (root !== 'movie') {
    removeKeys(rest, [], [String(root)]);
    return;
  }
  if (!isObject(movie)) return;
  const items = movie[String(list)];
  if (!Array.isArray(items) || typeof index !== 'number') removeKeys(movie, [], [String(list)]);
  else if (list === 'audio') items[index] = { src: 'asset:none', enabled: false };
  else if (list === 'overlays') items[index] = disabledLayer();
  else if (list === 'scenes') items[index] = mendScene(items[index], index, [property, position]);
}

function mendScene(
  scene: unknown,
  index: number,
  [property, position]: readonly (Step | undefined)[],
): unknown {
  const stopgap = { id: `scene ${index} of the request`, duration: stopgapSeconds, layers: [] };
  if (!isObject(scene) || property === undefined) return stopgap;
  const { layers } = scene;
  if (property === 'layers' && Array.isArray(layers) && typeof position === 'number') {
    layers[position] = disabledLayer();
    return typeof scene.duration === 'number' ? scene : { ...scene, duration: stopgapSeconds };
  }
  return { ...scene, [String(property)]: stopgap[property as keyof typeof stopgap] };
}

function disabledLayer(): JsonObject {
  return { type: 'color', color: '#000000', enabled: false };
}

function valueAt(value: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((place, step) => {
    if (Array.isArray(place)) return place[Number(step)];
    return isObject(place) ? place[String(step)] : undefined;
  }, value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
