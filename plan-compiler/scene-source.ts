import type { Layer, MovieOverlay } from '../contract/layers.ts';
import type { MeasuredScene } from './compile-scene.ts';
import type { CompileInput, SceneSource } from './compile-types.ts';
import type { FilmContext } from './film-context.ts';
import { type Overlay, sliceOverlay } from './film-overlays.ts';
import { hashJson } from './keys.ts';
import type { Hash } from './render-plan.ts';
import type { FrameRange } from './slice-layer.ts';

/** Tells what scenes were made from; made once for a film. */
export type SourceTeller = (
  measured: MeasuredScene,
  covering: { readonly overlays: readonly Overlay[]; readonly range: FrameRange },
  key: Hash,
) => SceneSource;

/** The document's slice behind each scene, without labels, so that two renders of a scene can be compared. */
export function createSourceTeller(film: FilmContext): SourceTeller {
  const { movie, renderer, encoding, limits } = film.input;
  const fontsHash = hashJson(film.input.fonts);
  const documents = movie.overlays.map((overlay) => sourceOf(overlay, film.input));
  return ({ scene, index }, { overlays, range }, key) => {
    const { width, height, fps, sampleRate, backgroundColor } = movie;
    const { id, duration, backgroundColor: own, layers } = scene;
    const covering = coveringOverlays(overlays, range, documents);
    const hasText = [...layers, ...covering].some((layer) => layer?.type === 'text');
    const source = {
      movie: { width, height, fps, sampleRate, ...(own === undefined ? { backgroundColor } : {}) },
      overlays: covering,
      scene: {
        duration,
        ...(own === undefined ? {} : { backgroundColor: own }),
        layers: withoutTail(layers.map((layer) => (layer.enabled ? sourceOf(layer, film.input) : null))),
      },
      renderOptions: { crf: encoding.crf },
      settings: {
        threads: encoding.threads,
        repeatsStills: encoding.repeatsStills,
        partSecondsMax: limits.partSecondsMax,
      },
      ...(hasText ? { fonts: fontsHash } : {}),
      renderer,
    };
    return { sceneId: id, sceneIndex: index, source, key };
  };
}

const labels: ReadonlySet<string> = new Set(['id', 'name', 'enabled']);

type LayerSource = { readonly type: Layer['type'] } & Readonly<Record<string, unknown>>;

// In the document's order, null for those that do not touch the scene, so that positions are those of the document. Times
// are the scene's own: an overlay that moves in the film and looks the same here has not changed here.
function coveringOverlays(
  overlays: readonly Overlay[],
  range: FrameRange,
  documents: readonly LayerSource[],
): readonly (LayerSource | null)[] {
  const sources: (LayerSource | null)[] = documents.map(() => null);
  for (const overlay of overlays) {
    const slice = sliceOverlay(overlay, range);
    const document = documents[overlay.index];
    if (slice === null || document === undefined) continue;
    const { firstFrame, frames, fadeInFrames, fadeOutFrames } = slice;
    const { in: rise, out: fall, ...rest } = document;
    sources[overlay.index] = {
      ...rest,
      type: document.type,
      start: firstFrame,
      duration: frames,
      ...(fadeInFrames > 0 ? { in: rise } : {}),
      ...(fadeOutFrames > 0 ? { out: fall } : {}),
    };
  }
  return withoutTail(sources);
}

/** A layer without labels, its file by content. */
function sourceOf(layer: Layer | MovieOverlay, input: CompileInput): LayerSource {
  const content = Object.entries(layer).filter(([name]) => !labels.has(name));
  const source = { ...Object.fromEntries(content), type: layer.type };
  if (!('src' in layer)) return source;
  const asset = input.assets.get(layer.src.replace(/^asset:/, ''));
  return { ...source, src: asset === undefined ? layer.src : `sha256:${asset.sha256}` };
}

function withoutTail<T>(values: readonly (T | null)[]): readonly (T | null)[] {
  return values.slice(0, values.findLastIndex((value) => value !== null) + 1);
}
