import type { Scene } from '../contract/movie.ts';
import { readOpaqueColor } from './color.ts';
import type { FilmContext, Span } from './film-context.ts';
import { asFrames, samplesCovering, sceneFrames } from './frame-time.ts';
import { type MeasuredLayer, measureLayer } from './measure-layer.ts';
import { pictureLayer } from './picture-layer.ts';
import type { Frames, Rgba, SoundLayer, SoundPlan } from './render-plan.ts';
import type { WholeLayer } from './slice-layer.ts';
import { soundLayer } from './sound-layer.ts';

export type MeasuredScene = {
  readonly scene: Scene;
  readonly index: number;
  /** Enabled layers without faults, in the document's order. */
  readonly layers: readonly MeasuredLayer[];
  readonly span: Span;
};

/** A scene as one piece: what it shows, bottom up and without overlays, and what it sounds like. */
export type WholeScene = {
  readonly background: Rgba;
  readonly layers: readonly WholeLayer[];
  readonly sound: SoundPlan | null;
};

/** Looks at all layers, since a scene may be as long as the longest of them. */
export function measureScene(scene: Scene, index: number, film: FilmContext): MeasuredScene {
  const path = `movie.scenes[${index}]`;
  const enabled = scene.layers.flatMap((layer, at) =>
    layer.enabled ? [measureLayer(layer, `${path}.layers[${at}]`, film)] : [],
  );
  const layers = enabled.filter((layer) => layer !== null);
  const frames = sceneLength(scene, layers, film);
  const hasFaults = layers.length < enabled.length;
  if (frames === null && !hasFaults) {
    film.log.report({
      code: 'no-scene-length',
      path: `${path}.duration`,
      message: 'The scene lasts as long as its layers, but no layer has a length of its own.',
      hint: 'Give the scene or one of its layers a duration in seconds.',
    });
  }
  const isKnown = frames !== null && (scene.duration !== 'auto' || !hasFaults);
  return { scene, index, layers, span: { kind: 'scene', frames: frames ?? asFrames(1), isKnown } };
}

/** Cuts the layers to the scene and resolves what they show and sound like. */
export function compileScene(measured: MeasuredScene, film: FilmContext): WholeScene {
  const { layers, span } = measured;
  const pictures = byHeight(layers).map((layer) => pictureLayer(layer, span, film));
  const sounds = layers.map((layer) => soundLayer(layer, span, film));
  return {
    background: sceneBackground(measured, film),
    layers: pictures.filter((layer) => layer !== null),
    sound: soundPlan(
      sounds.filter((layer) => layer !== null),
      span.frames,
      film,
    ),
  };
}

/** Bottom up: by zIndex where given (else 0), layers of equal height in the document's order. */
export function byHeight<M extends MeasuredLayer>(layers: readonly M[]): readonly M[] {
  return layers.toSorted((a, b) => heightOf(a) - heightOf(b));
}

function heightOf({ layer }: MeasuredLayer): number {
  return layer.type === 'audio' ? 0 : (layer.zIndex ?? 0);
}

function sceneLength(scene: Scene, layers: readonly MeasuredLayer[], film: FilmContext): Frames | null {
  if (scene.duration !== 'auto') return sceneFrames(scene.duration, film.rate);
  const ends = layers.flatMap(({ extent }) =>
    extent.ownFrames === null ? [] : [extent.startFrame + extent.ownFrames],
  );
  return ends.length === 0 ? null : asFrames(ends.reduce((latest, end) => Math.max(latest, end)));
}

function sceneBackground({ scene, index }: MeasuredScene, film: FilmContext): Rgba {
  return scene.backgroundColor === undefined
    ? readOpaqueColor(film.input.movie.backgroundColor, 'movie.backgroundColor', film.log)
    : readOpaqueColor(scene.backgroundColor, `movie.scenes[${index}].backgroundColor`, film.log);
}

function soundPlan(layers: readonly SoundLayer[], frames: Frames, film: FilmContext): SoundPlan | null {
  if (layers.length === 0) return null;
  return { samples: samplesCovering(frames, film.rate, film.sampleRate), layers };
}
