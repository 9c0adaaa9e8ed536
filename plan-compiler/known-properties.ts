import type { z } from 'zod';
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
import { schemaAt } from './schema-at.ts';

/** A kind of object in the document: what to call it, and the properties it has. */
export type DocumentPart = {
  readonly noun: string;
  readonly properties: readonly string[];
  /** A small object within a layer, such as `crop`. */
  readonly isDetail: boolean;
};

const layerNouns: ReadonlyMap<z.ZodObject, string> = new Map<z.ZodObject, string>([
  [VideoLayer, 'a video layer'],
  [ImageLayer, 'an image layer'],
  [AudioLayer, 'an audio layer'],
  [TextLayer, 'a text layer'],
  [ColorLayer, 'a color layer'],
  [ShapeLayer, 'a shape layer'],
]);

const nouns: ReadonlyMap<z.ZodObject, string> = new Map<z.ZodObject, string>([
  ...layerNouns,
  [RenderSubmission, 'the request'],
  [RenderOptions, 'the render options'],
  [Movie, 'the movie'],
  [Scene, 'a scene'],
  [AudioTrack, 'an audio track'],
]);

/** The kind of object that belongs at a path; null where none does, or where it cannot be told which. */
export function partAt(steps: readonly PathStep[], document: unknown): DocumentPart | null {
  const { object } = schemaAt(steps, document);
  if (object === null) return null;
  const property = steps.findLast((step) => typeof step === 'string') ?? 'request';
  const noun = nouns.get(object);
  const properties = Object.keys(object.shape);
  return { noun: noun ?? `\`${property}\``, properties, isDetail: noun === undefined };
}

/** Parts of the document that have a property: ["a scene", "every layer"]. */
export function partsWith(property: string): readonly string[] {
  const owners = [...nouns].filter(([object]) => Object.hasOwn(object.shape, property));
  const layers = owners.filter(([object]) => layerNouns.has(object));
  const others = owners.filter(([object]) => !layerNouns.has(object)).map(([, noun]) => noun);
  if (layers.length === layerNouns.size) return [...others, 'every layer'];
  return [...others, ...layers.map(([, noun]) => noun)];
}
