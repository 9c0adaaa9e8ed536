import { describe, expect, test } from 'vitest';
import type { MovieInput } from '../../../contract/movie.ts';
import { issuesOf, planOf, testLimits } from '../../support/plan-inputs.ts';

type LayerInput = MovieInput['scenes'][number]['layers'][number];
const red = { type: 'color', color: 'red' } as const;

const sceneOf = (...layers: LayerInput[]): MovieInput => ({ scenes: [{ id: 'a', duration: 2, layers }] });
const brief = (movie: MovieInput) =>
  issuesOf(movie).map(({ code, path }) => [code, path.replace('movie.scenes[0].layers[0]', 'layer')]);

describe('a movie that cannot be rendered', () => {
  const faults: [string, LayerInput, string, string][] = [
    ['a file that is not ready', { type: 'video', src: 'asset:nowhere' }, 'asset-not-ready', 'layer.src'],
    ['a video used as an image', { type: 'image', src: 'asset:clip' }, 'wrong-asset-kind', 'layer.src'],
    ['a sound file used as an image', { type: 'image', src: 'asset:song' }, 'wrong-asset-kind', 'layer.src'],
    ['an image used as a video', { type: 'video', src: 'asset:photo' }, 'wrong-asset-kind', 'layer.src'],
    ['a sound file used as a video', { type: 'video', src: 'asset:song' }, 'wrong-asset-kind', 'layer.src'],
    ['an image used as sound', { type: 'audio', src: 'asset:photo' }, 'wrong-asset-kind', 'layer.src'],
    [
      'a silent video used as sound',
      { type: 'audio', src: 'asset:mute' },
      'source-without-sound',
      'layer.src',
    ],
    [
      'a trim that starts after the source',
      { type: 'video', src: 'asset:clip', trimStart: 10 },
      'trim-beyond-source',
      'layer.trimStart',
    ],
    [
      'a trim that ends after the source',
      { type: 'video', src: 'asset:clip', trimEnd: 11 },
      'trim-beyond-source',
      'layer.trimEnd',
    ],
    [
      'a trim that lasts past the source',
      { type: 'audio', src: 'asset:song', trimStart: 9, trimDuration: 2 },
      'trim-beyond-source',
      'layer.trimDuration',
    ],
    [
      'a trim that ends before it starts',
      { type: 'video', src: 'asset:clip', trimStart: 3, trimEnd: 2 },
      'trim-empty',
      'layer.trimEnd',
    ],
    [
      'a trim with two ends',
      { type: 'video', src: 'asset:clip', trimEnd: 2, trimDuration: 2 },
      'two-trim-ends',
      'layer.trimDuration',
    ],
    ['a layer that starts after its scene', { ...red, start: 2 }, 'starts-after-end', 'layer.start'],
    [
      'fades longer than the layer',
      { ...red, duration: 1, in: { type: 'fade', duration: 0.6 }, out: { type: 'fade', duration: 0.6 } },
      'fades-too-long',
      'layer.out.duration',
    ],
    [
      'sound that fades for longer than it plays',
      { type: 'audio', src: 'asset:song', fadeIn: 3 },
      'fades-too-long',
      'layer.fadeIn',
    ],
    [
      'a crop that leaves nothing',
      { type: 'image', src: 'asset:photo', crop: { left: 0.5, right: 0.5 } },
      'crop-leaves-nothing',
      'layer.crop',
    ],
    ['an empty layer', { ...red, width: 0 }, 'size-out-of-range', 'layer.width'],
    [
      'a motion beside the picture',
      {
        type: 'image',
        src: 'asset:photo',
        motion: {
          type: 'ken-burns',
          from: { x: 0.5, y: 0, width: 0.6, height: 1 },
          to: { x: 0, y: 0, width: 1, height: 1 },
        },
      },
      'motion-outside-picture',
      'layer.motion.from',
    ],
    ['a shape without paint', { type: 'shape', shape: 'circle' }, 'shape-without-paint', 'layer'],
    [
      'a shape with two paints',
      {
        type: 'shape',
        shape: 'circle',
        fill: 'red',
        gradient: {
          stops: [
            { at: 0, color: 'red' },
            { at: 1, color: 'blue' },
          ],
        },
      },
      'fill-and-gradient',
      'layer.gradient',
    ],
    [
      'a circle with corners',
      { type: 'shape', shape: 'circle', fill: 'red', radius: 3 },
      'radius-on-circle',
      'layer.radius',
    ],
    [
      'gradient stops out of order',
      {
        type: 'shape',
        shape: 'circle',
        gradient: {
          stops: [
            { at: 1, color: 'red' },
            { at: 0, color: 'blue' },
          ],
        },
      },
      'stops-not-rising',
      'layer.gradient.stops[1].at',
    ],
    ['an unknown colour', { ...red, color: 'reed' }, 'unknown-color', 'layer.color'],
    [
      'an unknown font',
      { type: 'text', text: 'x', fontFamily: ['Noto Sans', 'Comic Sans'] },
      'unknown-font',
      'layer.fontFamily[1]',
    ],
    [
      'letters of no height',
      { type: 'text', text: 'x', fontSize: '0.1%' },
      'font-size-out-of-range',
      'layer.fontSize',
    ],
    [
      'letters that no font has',
      { type: 'text', text: 'Bangkok กรุงเทพ' },
      'letters-without-font',
      'layer.text',
    ],
    ['half a letter', { type: 'text', text: '\ud83d' }, 'broken-text', 'layer.text'],
  ];
  for (const [title, layer, code, path] of faults) {
    test(`for ${title} is refused`, () => expect(brief(sceneOf(layer))).toEqual([[code, path]]));
  }

  test('for a sliver of video repeated for ever is refused, but a few repeats are written out', () => {
    const sliver = { type: 'video', src: 'asset:mute', trimDuration: 0.01, loop: true } as const;
    expect(planOf(sceneOf(sliver)).scenes[0]?.picture.layers).toMatchObject([{ segments: { length: 60 } }]);
    const long = { scenes: [{ id: 'a', duration: 20, layers: [sliver] }] };
    expect(brief(long)).toEqual([['too-many-repeats', 'layer.loop']]);
  });

  test('for a scene without any length is refused once', () => {
    expect(
      brief({ scenes: [{ id: 'a', layers: [red, { type: 'video', src: 'asset:clip', loop: true }] }] }),
    ).toEqual([['no-scene-length', 'movie.scenes[0].duration']]);
  });

  test('for a file that hides the length of a scene is not refused for what follows from it', () => {
    const scenes: MovieInput['scenes'] = [
      {
        id: 'a',
        layers: [
          { type: 'video', src: 'asset:nowhere' },
          { ...red, start: 5, out: { type: 'fade', duration: 3 } },
        ],
      },
    ];
    const movie: MovieInput = {
      scenes,
      overlays: [{ ...red, start: 8 }],
      audio: [{ src: 'asset:song', start: 8 }],
    };
    expect(brief(movie)).toEqual([['asset-not-ready', 'layer.src']]);
  });

  test('for see-through backgrounds is refused', () => {
    const scenes = [
      { id: 'a', duration: 1, layers: [] },
      { id: 'b', duration: 1, backgroundColor: 'transparent', layers: [] },
    ];
    expect(brief({ backgroundColor: '#00000080', scenes })).toEqual([
      ['background-not-opaque', 'movie.backgroundColor'],
      ['background-not-opaque', 'movie.scenes[1].backgroundColor'],
    ]);
  });

  test('for scenes with the same id, canvas and frame rate out of range is refused with all of them', () => {
    const limits = { ...testLimits, fpsMax: 60, canvasWidth: { min: 360, max: 3840 } };
    const scene = { id: 'same', duration: 1, layers: [] };
    const issues = issuesOf({ fps: 120, scenes: [scene, scene] }, { limits });
    expect(issues.map(({ code, path }) => [code, path])).toEqual([
      ['canvas-out-of-range', 'movie.width'],
      ['fps-out-of-range', 'movie.fps'],
      ['scene-id-twice', 'movie.scenes[1].id'],
    ]);
  });

  test('for overlays and tracks is refused at their own paths', () => {
    const movie: MovieInput = {
      scenes: [{ id: 'a', duration: 1, layers: [] }],
      overlays: [
        { ...red, enabled: false },
        { ...red, start: 1 },
      ],
      audio: [{ src: 'asset:nowhere' }],
    };
    expect(brief(movie)).toEqual([
      ['starts-after-end', 'movie.overlays[1].start'],
      ['asset-not-ready', 'movie.audio[0].src'],
    ]);
  });

  test('with endless faults is refused with a bounded list', () => {
    const layers = Array.from({ length: 200 }, () => ({ ...red, color: 'reed' }));
    const issues = issuesOf({ scenes: ['a', 'b'].map((id) => ({ id, duration: 1, layers })) });
    expect(issues).toHaveLength(201);
    expect(issues.at(-1)?.code).toBe('too-many-issues');
  });

  test('says what to do', () => {
    const [fault] = issuesOf(sceneOf({ type: 'text', text: 'x', fontFamily: 'Noto Sens' }));
    expect(fault?.hint).toBe(
      'Did you mean "Noto Sans"? The families are "Noto Sans", "Noto Naskh Arabic", "Noto Sans JP".',
    );
  });
});
