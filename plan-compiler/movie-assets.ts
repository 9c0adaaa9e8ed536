import type { AudioTrack, Layer } from '../contract/layers.ts';
import type { Movie } from '../contract/movie.ts';

/** Everything in a movie that may name a source: the scenes' layers, the overlays, the tracks. */
export function allLayers(movie: Movie): readonly (Layer | AudioTrack)[] {
  return [...movie.scenes.flatMap((scene) => scene.layers), ...movie.overlays, ...movie.audio];
}

/** The ids of all assets that a movie names, each once. */
export function assetIdsOf(movie: Movie): readonly string[] {
  const sources = allLayers(movie).flatMap((layer) => ('src' in layer ? [layer.src] : []));
  return [...new Set(sources.map((source) => source.slice('asset:'.length)))];
}
