import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MovieInput } from '../../../contract/movie.ts';
import { hashJson } from '../../../plan-compiler/keys.ts';
import type { ScenePlan } from '../../../plan-compiler/render-plan.ts';
import {
  compileInput,
  font,
  hashOf,
  planOf,
  testAssets,
  testFonts,
  videoAsset,
} from '../../support/plan-inputs.ts';

const base = {
  scenes: [
    {
      id: 'a',
      duration: 2,
      backgroundColor: '#102030',
      layers: [
        { type: 'video', src: 'asset:clip', trimStart: 1 },
        { type: 'image', src: 'asset:photo', width: 50, height: 50 },
        { type: 'text', text: 'Hello' },
        { type: 'shape', shape: 'rectangle', fill: 'red', width: 20, height: 20 },
        { type: 'audio', src: 'asset:song' },
      ],
    },
    { id: 'b', duration: 1, layers: [{ type: 'color', color: 'blue' }] },
  ],
  audio: [{ src: 'asset:song' }],
} as const satisfies MovieInput;

type Draft = { scenes: { id: string; duration: number; layers: Record<string, unknown>[] }[] } & Record<
  string,
  unknown
>;

/** The base movie with something about it changed. */
function changed(change: (movie: Draft) => void): MovieInput {
  const draft = structuredClone(base) as unknown as Draft;
  change(draft);
  return draft as unknown as MovieInput;
}

const keysOf = (movie: MovieInput): Pick<ScenePlan, 'pictureKey' | 'soundKey'>[] =>
  planOf(movie).scenes.map(({ pictureKey, soundKey }) => ({ pictureKey, soundKey }));
const [keyA, keyB] = keysOf(base);
const programmeKey = planOf(base).programme.key;

const layer = (index: number, properties: Record<string, unknown>) => (movie: Draft) => {
  Object.assign(movie.scenes[0]!.layers[index]!, properties);
};

describe('a picture key', () => {
  const visual: Record<string, (movie: Draft) => void> = {
    'the trim of a video': layer(0, { trimStart: 1.5 }),
    'the fit of a video': layer(0, { fit: 'none' }),
    'a crop': layer(0, { crop: { left: 0.1 } }),
    'a fade in': layer(0, { in: { type: 'fade', duration: 0.5 } }),
    'a fade out': layer(0, { out: { type: 'fade', duration: 0.5 } }),
    'an opacity': layer(1, { opacity: 0.5 }),
    'a place': layer(1, { x: 10 }),
    'an anchor': layer(1, { anchor: 'top' }),
    'a size': layer(1, { width: 60 }),
    'a rotation': layer(1, { rotation: 10 }),
    'a flip': layer(1, { flipH: true }),
    'a motion': layer(1, {
      motion: {
        type: 'ken-burns',
        from: { x: 0, y: 0, width: 1, height: 1 },
        to: { x: 0, y: 0, width: 0.5, height: 0.5 },
      },
    }),
    'a height in the pile': layer(1, { zIndex: -1 }),
    'a start': layer(2, { start: 1 }),
    'a text': layer(2, { text: 'Hello!' }),
    'a font weight': layer(2, { fontWeight: 700 }),
    'a text colour': layer(2, { color: 'red' }),
    'a letter spacing': layer(2, { letterSpacing: 1 }),
    'a stroke': layer(2, { stroke: { width: 1, color: 'black' } }),
    'a text shadow': layer(2, { textShadow: { x: 1 } }),
    'a text background': layer(2, { background: { color: 'black' } }),
    'a fill': layer(3, { fill: 'green' }),
    'a border': layer(3, { border: { width: 1, color: 'black' } }),
    'a radius': layer(3, { radius: 3 }),
    'a shape': layer(3, { shape: 'circle' }),
    'the scene’s background': (movie) => Object.assign(movie.scenes[0]!, { backgroundColor: '#102031' }),
    'the scene’s length': (movie) => Object.assign(movie.scenes[0]!, { duration: 2.5 }),
    'a layer switched off': layer(3, { enabled: false }),
  };
  for (const [title, change] of Object.entries(visual)) {
    test(`changes with ${title}, and that of no other scene`, () => {
      const keys = keysOf(changed(change));
      expect(keys[0]!.pictureKey).not.toBe(keyA!.pictureKey);
      expect(keys[1]).toEqual(keyB);
    });
  }

  test('of every scene changes with canvas, frame rate, quality, threads, renderer and scope', () => {
    const encoding = { crf: 23, threads: 2, repeatsStills: true, audioBitsPerSecond: 192_000 };
    const plans = [
      planOf({ ...base, width: 162 }),
      planOf({ ...base, height: 92 }),
      planOf({ ...base, fps: 25 }),
      planOf(base, { encoding: { ...encoding, crf: 20 } }),
      planOf(base, { encoding: { ...encoding, threads: 1 } }),
      planOf(base, { encoding: { ...encoding, repeatsStills: false } }),
      planOf(base, { renderer: 'other' }),
      planOf(base, { scope: 'other' }),
    ];
    const keys = plans.flatMap((plan) => plan.scenes.map((scene) => scene.pictureKey));
    expect(new Set([...keys, keyA!.pictureKey, keyB!.pictureKey]).size).toBe(18);
  });

  test('changes with the bytes of a file, not with its id', () => {
    const copy = videoAsset('clip-2');
    const renamed = changed(layer(0, { src: 'asset:clip-2' }));
    const sameBytes = planOf(renamed, { assets: [...testAssets, { ...copy, sha256: hashOf('clip') }] });
    const otherBytes = planOf(renamed, { assets: [...testAssets, copy] });
    expect(sameBytes.scenes[0]!.pictureKey).toBe(keyA!.pictureKey);
    expect(otherBytes.scenes[0]!.pictureKey).not.toBe(keyA!.pictureKey);
  });

  test('of text changes with the bytes of a font, not with its name', () => {
    const rename = testFonts.map((each) =>
      each.family === 'Noto Sans JP' ? { ...each, family: 'Noto Sans J' } : each,
    );
    const replace = testFonts.map((each) =>
      each.family === 'Noto Sans JP' ? font('Noto Sans JP', 401) : each,
    );
    expect(planOf(base, { fonts: rename }).scenes[0]!.pictureKey).toBe(keyA!.pictureKey);
    expect(planOf(base, { fonts: replace }).scenes[0]!.pictureKey).not.toBe(keyA!.pictureKey);
  });
});

describe('keys stay', () => {
  const harmless: Record<string, (movie: Draft) => void> = {
    'other titles and ids': (movie) => {
      Object.assign(movie, { title: 'Another', id: 'movie-2' });
      movie.scenes[0]!.id = 'renamed';
      layer(0, { id: 'layer', name: 'Layer' })(movie);
    },
    'a layer that is switched off': (movie) =>
      movie.scenes[0]!.layers.push({ type: 'color', color: 'red', enabled: false }),
    'the same value written otherwise': layer(3, { fill: '#F00', width: '12.5%', rotation: 360 }),
    'music over the film': (movie) => Object.assign(movie, { audio: [] }),
  };
  for (const [title, change] of Object.entries(harmless)) {
    test(`with ${title}`, () => expect(keysOf(changed(change))).toEqual([keyA, keyB]));
  }

  test('with scenes in another order', () => {
    expect(keysOf(changed((movie) => void movie.scenes.reverse()))).toEqual([keyB, keyA]);
  });

  test('of pictures with another sound, and of sounds with another picture', () => {
    const [louder] = keysOf(changed(layer(0, { volume: 0.5, fadeIn: 1 })));
    expect(louder!.pictureKey).toBe(keyA!.pictureKey);
    expect(louder!.soundKey).not.toBe(keyA!.soundKey);
    const [moved] = keysOf(changed(layer(0, { x: 10 })));
    expect(moved!.soundKey).toBe(keyA!.soundKey);
    expect(planOf({ ...base, width: 320 }).scenes[0]!.soundKey).toBe(keyA!.soundKey);
  });

  test('whatever the order of properties', () => {
    const value = fc.jsonValue();
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value), (object) => {
        const turned = Object.fromEntries(Object.entries(object).toReversed());
        expect(hashJson(turned)).toBe(hashJson(object));
      }),
    );
    const reversed = {
      audio: base.audio,
      scenes: base.scenes.map((scene) => ({ ...Object.fromEntries(Object.entries(scene).toReversed()) })),
    };
    expect(keysOf(reversed as unknown as MovieInput)).toEqual([keyA, keyB]);
  });
});

describe('the programme key', () => {
  const keyOf = (movie: MovieInput) => planOf(movie).programme.key;

  test('changes with tracks, with the sound of a scene and with the order of scenes', () => {
    const others = [
      keyOf({ ...base, audio: [{ src: 'asset:song', volume: 0.5 }] }),
      keyOf(changed(layer(4, { volume: 0.5 }))),
      keyOf(changed((movie) => void movie.scenes.reverse())),
      planOf(base, { encoding: { crf: 23, threads: 2, repeatsStills: true, audioBitsPerSecond: 128_000 } })
        .programme.key,
    ];
    expect(new Set([...others, programmeKey]).size).toBe(5);
  });

  test('stays with another picture, and however scenes are cut into parts', () => {
    expect(keyOf(changed(layer(1, { x: 10 })))).toBe(programmeKey);
    const limits = { ...compileInput(base).limits, partSecondsMax: 1 };
    expect(planOf(base, { limits }).scenes).toHaveLength(3);
    expect(planOf(base, { limits }).programme.key).toBe(programmeKey);
  });
});
