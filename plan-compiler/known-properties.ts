import {
  AudioLayer,
  AudioTrack,
  ColorLayer,
  ImageLayer,
  ShapeLayer,
  TextLayer,
  VideoLayer,
} from '../contract/layers.ts';
import { Movie, Scene } from '../contract/movie.ts';
import { RenderOptions, RenderSubmission } from '../contract/submission.ts';
import type { PathStep } from './json-path.ts';

/** A kind of object in the document: what to call it, and the properties it has. */
export type DocumentPart = { readonly noun: string; readonly properties: readonly string[] };

const part = (noun: string, schema: { readonly shape: object }): DocumentPart => ({
  noun,
  properties: Object.keys(schema.shape),
});

const layerParts: Readonly<Record<string, DocumentPart>> = {
  video: part('a video layer', VideoLayer),
  image: part('an image layer', ImageLayer),
  audio: part('an audio layer', AudioLayer),
  text: part('a text layer', TextLayer),
  color: part('a color layer', ColorLayer),
  shape: part('a shape layer', ShapeLayer),
};
const request = part('the request', RenderSubmission);
const movie = part('the movie', Movie);
const scene = part('a scene', Scene);
const track = part('an audio track', AudioTrack);
const renderOptions = part('the render options', RenderOptions);

/** The kind of object that stands at a path; null for the small objects within a layer. */
export function partAt(steps: readonly PathStep[], object: unknown): DocumentPart | null {
  const shape = steps.map((step) => (typeof step === 'number' ? '#' : step)).join('.');
  switch (shape) {
    case '':
      return request;
    case 'renderOptions':
      return renderOptions;
    case 'movie':
      return movie;
    case 'movie.scenes.#':
      return scene;
    case 'movie.audio.#':
      return track;
    case 'movie.scenes.#.layers.#':
    case 'movie.overlays.#':
      return layerPart(object);
    default:
      return null;
  }
}

/** Layers that have a property: ["a video layer", …]. */
export function layersWith(property: string): readonly string[] {
  return Object.values(layerParts)
    .filter(({ properties }) => properties.includes(property))
    .map(({ noun }) => noun);
}

function layerPart(object: unknown): DocumentPart | null {
  const type = typeof object === 'object' && object !== null && 'type' in object ? object.type : null;
  return typeof type === 'string' && Object.hasOwn(layerParts, type) ? (layerParts[type] ?? null) : null;
}
