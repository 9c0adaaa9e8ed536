import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMovie } from '../../../plan-compiler/compile-movie.ts';
import {
  compileInput,
  hashOf,
  imageAsset,
  planOf,
  testAssets,
  testLimits,
} from '../../support/plan-inputs.ts';

const red = { type: 'color', color: 'red' } as const;
const clip = { type: 'video', src: 'asset:clip' } as const;

describe('the length of a scene', () => {
  test('is its duration in whole frames, at least one', () => {
    const plan = planOf({
      fps: '30000/1001',
      scenes: [
        { id: 'a', duration: 1, layers: [] },
        { id: 'b', duration: 0.001, layers: [] },
      ],
    });
    expect(plan.scenes.map((scene) => [scene.startFrame, scene.frames])).toEqual([
      [0, 30],
      [30, 1],
    ]);
    expect(plan.totalFrames).toBe(31);
  });

  test('"auto" reaches to the end of the longest layer that has a length', () => {
    const scene = {
      id: 'a',
      layers: [red, { ...red, start: 1, duration: 2.5 }, { ...clip, trimStart: 8, start: 0.5 }],
    };
    expect(planOf({ scenes: [scene] }).totalFrames).toBe(105);
  });

  test('"auto" counts every repeat of a source', () => {
    expect(
      planOf({ scenes: [{ id: 'a', layers: [{ ...clip, trimDuration: 2, loop: 3 }] }] }).totalFrames,
    ).toBe(180);
  });
});

describe('a layer', () => {
  test('is cut to its scene', () => {
    const [scene] = planOf({ scenes: [{ id: 'a', duration: 3, layers: [clip] }] }).scenes;
    expect(scene?.picture.layers).toMatchObject([
      { firstFrame: 0, frames: 90, segments: [{ sourceFrame: 0, frames: 90 }], holdFrames: 0 },
    ]);
  });

  test('longer than its source holds the last picture', () => {
    const [scene] = planOf({
      scenes: [{ id: 'a', duration: 3, layers: [{ ...clip, trimStart: 9, duration: 'fill' }] }],
    }).scenes;
    expect(scene?.picture.layers).toMatchObject([
      { segments: [{ sourceFrame: 270, frames: 30 }], holdFrames: 60 },
    ]);
  });

  test('that loops plays until the end of its scene', () => {
    const [scene] = planOf({
      scenes: [{ id: 'a', duration: 2, layers: [{ ...clip, trimStart: 1, trimEnd: 1.75, loop: true }] }],
    }).scenes;
    expect(scene?.picture.layers).toMatchObject([
      {
        segments: [
          { sourceFrame: 30, frames: 23 },
          { sourceFrame: 30, frames: 23 },
          { sourceFrame: 30, frames: 14 },
        ],
      },
    ]);
  });

  test('that follows another leaves no frame bare between them', () => {
    const layers = [
      { ...red, duration: 0.35 },
      { ...red, start: 0.35, duration: 0.35 },
    ];
    const [scene] = planOf({ fps: 30, scenes: [{ id: 'a', duration: 1, layers }] }).scenes;
    const [first, second] = scene!.picture.layers;
    expect(first!.firstFrame + first!.frames).toBe(second!.firstFrame);
  });

  test('that is off, clear, without a whole frame or beside the canvas leaves no trace', () => {
    const bare = planOf({ scenes: [{ id: 'a', duration: 1, layers: [] }] });
    const withTraces = planOf({
      scenes: [
        {
          id: 'a',
          duration: 1,
          layers: [
            { ...red, enabled: false },
            { ...red, opacity: 0 },
            { ...red, start: 0.99 },
            { type: 'image', src: 'asset:photo', x: '200%' },
            { type: 'video', src: 'asset:nowhere', enabled: false },
          ],
        },
      ],
    });
    expect(withTraces).toEqual(bare);
  });

  test('lies higher by zIndex, else by its place in the list', () => {
    const layers = ['#000001', '#000002', '#000003', '#000004'].map((color) => ({ ...red, color }));
    const ordered = [{ ...layers[0]!, zIndex: 2 }, layers[1]!, { ...layers[2]!, zIndex: -1 }, layers[3]!];
    const [scene] = planOf({ scenes: [{ id: 'a', duration: 1, layers: ordered }] }).scenes;
    const colors = scene!.picture.layers.map((layer) =>
      layer.kind === 'drawn' && layer.drawing.type === 'shape' && layer.drawing.fill?.type === 'solid'
        ? layer.drawing.fill.color.b
        : null,
    );
    expect(colors).toEqual([3, 2, 4, 1]);
  });
});

describe('a long scene', () => {
  const scenes = [
    { id: 'short', duration: 5, layers: [] },
    {
      id: 'long',
      duration: 50,
      layers: [
        { ...clip, loop: true, start: 1, in: { type: 'fade' as const, duration: 2 } },
        { ...red, duration: 10 },
      ],
    },
  ];

  test('is rendered in parts, with the sound of the whole on the first', () => {
    const plan = planOf({ scenes });
    expect(
      plan.scenes.map(({ index, sceneId, part, frames }) => [index, sceneId, part.index, part.count, frames]),
    ).toEqual([
      [0, 'short', 0, 1, 150],
      [1, 'long', 0, 3, 500],
      [2, 'long', 1, 3, 500],
      [3, 'long', 2, 3, 500],
    ]);
    expect(plan.scenes.map((scene) => scene.sound?.samples ?? null)).toEqual([null, 50 * 48_000, null, null]);
    expect(plan.programme.scenes.map((scene) => scene.index)).toEqual([0, 1]);
  });

  test('has in each part only what is seen there', () => {
    const parts = planOf({ scenes }).scenes.slice(1);
    expect(parts.map((part) => part.picture.layers.length)).toEqual([2, 1, 1]);
    expect(parts[0]?.picture.layers[0]).toMatchObject({ firstFrame: 30, frames: 470, fadeInFrames: 60 });
    expect(parts[1]?.picture.layers[0]).toMatchObject({
      firstFrame: 0,
      frames: 500,
      fadeInFrames: 0,
      segments: [
        { sourceFrame: 170, frames: 130 },
        { sourceFrame: 0, frames: 300 },
        { sourceFrame: 0, frames: 70 },
      ],
    });
  });
});

describe('overlays', () => {
  const scenes = ['a', 'b', 'c'].map((id) => ({ id, duration: 2, layers: [red] }));

  test('are pushed down into the scenes they cover, on top, in the scene’s own time', () => {
    const overlay = { type: 'image', src: 'asset:photo', start: 3, duration: 2 } as const;
    const plan = planOf({ scenes, overlays: [overlay] });
    const timings = plan.scenes.map((scene) =>
      scene.picture.layers.slice(1).map((layer) => [layer.firstFrame, layer.frames]),
    );
    expect(timings).toEqual([[], [[30, 30]], [[0, 30]]]);
  });

  test('that do not change have no clock: scenes in another order keep their keys', () => {
    const overlays = [{ type: 'image', src: 'asset:photo' } as const];
    const inOrder = planOf({ scenes, overlays }).scenes;
    const turned = planOf({ scenes: scenes.toReversed(), overlays }).scenes;
    expect(turned.map((scene) => scene.pictureKey).toReversed()).toEqual(
      inOrder.map((scene) => scene.pictureKey),
    );
  });

  test('fade only where the film begins and ends', () => {
    const fade = { type: 'fade', duration: 1 } as const;
    const plan = planOf({ scenes, overlays: [{ type: 'image', src: 'asset:photo', in: fade, out: fade }] });
    const fades = plan.scenes.map((scene) =>
      scene.picture.layers.slice(1).map((layer) => [layer.fadeInFrames, layer.fadeOutFrames]),
    );
    expect(fades).toEqual([[[30, 0]], [[0, 0]], [[0, 30]]]);
  });
});

describe('a plan', () => {
  test('names only the files it uses, each once, by content', () => {
    const twin = { ...imageAsset('photo'), assetId: 'a-twin', objectKey: 'assets/user/twin' };
    const layers = ['asset:photo', 'asset:a-twin'].map((src) => ({ type: 'image', src }) as const);
    const plan = planOf({ scenes: [{ id: 'a', duration: 1, layers }] }, { assets: [...testAssets, twin] });
    expect(Object.keys(plan.assets)).toEqual([hashOf('photo')]);
    expect(plan.assets[hashOf('photo')]?.objectKey).toBe('assets/user/twin');
  });

  test('has costs that grow with what is to be done', () => {
    const costs = planOf({
      scenes: [
        // What stands still costs the same however long it does.
        { id: 'a', duration: 1, layers: [] },
        { id: 'b', duration: 7, layers: [] },
        { id: 'c', duration: 2, layers: [red] },
        { id: 'd', duration: 2, layers: [{ ...red, in: { type: 'fade', duration: 1 } }] },
        { id: 'e', duration: 2, layers: [clip] },
        { id: 'f', duration: 4, layers: [{ ...clip, loop: true }] },
      ],
    }).scenes.map((scene) => scene.cost);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    expect(new Set(costs).size).toBe(5);
  });

  test('adds up: frames of scenes to the film’s, samples to the programme’s, and no scene lacks a sample', () => {
    const rates = fc.constantFrom<number | string>(7, 24, 25, 30, 60, '30000/1001', '24000/1001');
    const lengths = fc.array(fc.double({ min: 0.01, max: 45, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(rates, fc.constantFrom(44_100, 48_000, 96_000), lengths, (fps, sampleRate, durations) => {
        const scenes = durations.map((duration, index) => ({
          id: `s${index}`,
          duration,
          layers: [{ ...clip, loop: true }],
        }));
        const plan = planOf({ fps, sampleRate, scenes });
        expect(sum(plan.scenes.map((scene) => scene.frames))).toBe(plan.totalFrames);
        expect(sum(plan.programme.scenes.map((scene) => scene.samples))).toBe(plan.programme.totalSamples);
        expect(plan.scenes.map((scene) => scene.startFrame)).toEqual(
          plan.scenes.map((_, index) => sum(plan.scenes.slice(0, index).map((scene) => scene.frames))),
        );
        for (const scene of plan.programme.scenes) {
          expect(plan.scenes[scene.index]!.sound!.samples).toBeGreaterThanOrEqual(scene.samples);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('costs processor time by the number of scenes, not by its square', () => {
    const millisecondsOf = (count: number): number => {
      const scenes = Array.from({ length: count }, (_, index) => ({
        id: `scene ${index}`,
        duration: 1,
        layers: [clip, red, { type: 'text' as const, text: `Scene ${index}` }],
      }));
      const overlays = [1, 2, 3, 4].map((x) => ({ type: 'image' as const, src: 'asset:photo', x }));
      const input = compileInput({ scenes, overlays });
      const before = process.cpuUsage();
      expect(compileMovie(input).kind).toBe('compiled');
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    millisecondsOf(1250);
    // 4 by the number, 16 by its square; how long it takes is a case of the bench.
    expect(millisecondsOf(5000) / millisecondsOf(1250)).toBeLessThan(10);
  }, 60_000);

  test('is refused where the film is longer than the engine allows', () => {
    const limits = { ...testLimits, filmSecondsMax: 3 };
    const result = compileMovie(compileInput({ scenes: [{ id: 'a', duration: 4, layers: [] }] }, { limits }));
    expect(result).toMatchObject({
      kind: 'refused',
      issues: [{ code: 'film-too-long', path: 'movie.scenes' }],
    });
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
