import { describe, expect, test } from 'vitest';
import type { MovieInput } from '../../../contract/movie.ts';
import { linearGain } from '../../../plan-compiler/sound-layer.ts';
import { audioAsset, hashOf, issuesOf, planOf, testAssets, videoAsset } from '../../support/plan-inputs.ts';

type LayerInput = MovieInput['scenes'][number]['layers'][number];

const soundOf = (layer: LayerInput, movie: Partial<MovieInput> = {}) =>
  planOf({ scenes: [{ id: 'a', duration: 2, layers: [layer] }], ...movie }).scenes[0]!.sound;

describe('the sound of a scene', () => {
  test('is none where nothing is heard', () => {
    const silent: LayerInput[] = [
      { type: 'video', src: 'asset:mute' },
      { type: 'video', src: 'asset:clip', muted: true },
      { type: 'audio', src: 'asset:song', volume: 0 },
      { type: 'audio', src: 'asset:song', enabled: false },
      { type: 'color', color: 'red' },
    ];
    for (const layer of silent) expect(soundOf(layer)).toBeNull();
  });

  test('is heard though its picture is not seen', () => {
    expect(soundOf({ type: 'video', src: 'asset:clip', opacity: 0 })?.layers).toHaveLength(1);
  });

  test('a video without sound may be given a volume', () => {
    expect(soundOf({ type: 'video', src: 'asset:mute', volume: 0.5 })).toBeNull();
  });

  test('starts and is cut on the frame grid', () => {
    const layer: LayerInput = {
      type: 'audio',
      src: 'asset:song',
      start: 0.51,
      trimStart: 1,
      trimDuration: 0.5,
    };
    expect(soundOf(layer)?.layers).toEqual([
      {
        asset: hashOf('song'),
        startSample: 15 * 1600,
        samples: 15 * 1600,
        segments: [{ sourceSample: 48_000, samples: 15 * 1600 }],
        gain: 1,
        fadeInSamples: 0,
        fadeOutSamples: 0,
        fadeCurve: 'tri',
      },
    ]);
  });

  test('lasts to the last sample that the scene can need', () => {
    const sound = soundOf(
      { type: 'audio', src: 'asset:song' },
      { fps: 7, scenes: [{ id: 'a', duration: 0.2, layers: [{ type: 'audio', src: 'asset:song' }] }] },
    );
    expect(sound?.samples).toBe(6858);
    expect(sound?.layers[0]?.samples).toBe(6858);
  });

  test('of a video that loops repeats with the pictures', () => {
    const sound = soundOf(
      { type: 'video', src: 'asset:clip', trimStart: 1, trimEnd: 1.75, loop: true },
      { fps: '30000/1001' },
    );
    expect(sound?.layers[0]?.segments).toEqual([
      { sourceSample: 48_048, samples: 35_235 },
      { sourceSample: 48_048, samples: 35_235 },
      { sourceSample: 48_048, samples: 25_626 },
    ]);
    expect(sound?.samples).toBe(96_096);
  });

  test('of a file that loops repeats to the sample, not to the frame', () => {
    const assets = [...testAssets, audioAsset('beat', 0.777)];
    const sound = planOf(
      { scenes: [{ id: 'a', duration: 2, layers: [{ type: 'audio', src: 'asset:beat', loop: true }] }] },
      { assets },
    ).scenes[0]!.sound;
    expect(sound?.layers[0]?.segments.map((segment) => segment.samples)).toEqual([
      37_296,
      37_296,
      96_000 - 2 * 37_296,
    ]);
  });

  test('may be that of a video, used as sound', () => {
    expect(soundOf({ type: 'audio', src: 'asset:clip' })?.layers).toHaveLength(1);
  });

  test('fades in samples, and a frame of rounding is forgiven', () => {
    const sound = soundOf({ type: 'audio', src: 'asset:song', fadeIn: 1, fadeOut: 1.01 });
    expect(sound?.layers[0]).toMatchObject({ fadeInSamples: 48_000, fadeOutSamples: 48_000 });
  });

  const looped = (layer: LayerInput, duration: number, fps: string | number): MovieInput => ({
    fps,
    scenes: [{ id: 'a', duration, layers: [layer] }],
  });

  test('may repeat often where the repeats are equal', () => {
    const beat: LayerInput = { type: 'audio', src: 'asset:song', trimDuration: 0.5, loop: true };
    const [scene] = planOf(looped(beat, 600, 30)).scenes;
    expect(scene?.sound?.layers[0]?.segments).toHaveLength(1200);
  });

  test('that is repeated beyond measure is reported', () => {
    const sliver: LayerInput = { type: 'audio', src: 'asset:song', trimDuration: 0.04, loop: true };
    // At 30000/1001 frames per second three frames are 4804.8 samples: repeats differ by one now and then.
    const uneven: LayerInput = {
      type: 'video',
      src: 'asset:clip',
      trimDuration: 0.1,
      loop: true,
      opacity: 0,
    };
    const fault = { code: 'too-many-repeats', path: 'movie.scenes[0].layers[0].loop' };
    expect(issuesOf(looped(sliver, 600, 30))).toMatchObject([fault]);
    expect(issuesOf(looped(uneven, 60, '30000/1001'))).toMatchObject([fault]);
  });
});

describe('volume', () => {
  test('in decibels is a linear gain', () => {
    expect(linearGain({ db: 0 })).toBe(1);
    expect(linearGain({ db: -20 })).toBe(0.1);
    expect(linearGain({ db: -6 })).toBe(0.501187234);
    expect(linearGain(1.5)).toBe(1.5);
  });
});

describe('tracks over the film', () => {
  const scenes: MovieInput['scenes'] = [
    { id: 'a', duration: 0.5, layers: [] },
    { id: 'b', duration: 0.25, layers: [] },
  ];

  test('lie in the film’s samples and are cut to it', () => {
    const { programme } = planOf({
      fps: '30000/1001',
      scenes,
      audio: [{ src: 'asset:song', start: 0.3, fadeOut: 0.1 }],
    });
    expect(programme.totalSamples).toBe(35_235);
    expect(programme.tracks).toMatchObject([
      { startSample: 14_400, samples: 35_235 - 14_400, fadeOutSamples: 4800 },
    ]);
  });

  test('that are off or silent leave no trace', () => {
    const quiet = [
      { src: 'asset:song', enabled: false },
      { src: 'asset:song', muted: true },
    ];
    expect(planOf({ scenes, audio: quiet })).toEqual(planOf({ scenes }));
  });

  test('that start after the film are reported', () => {
    const issues = issuesOf({ scenes, audio: [{ src: 'asset:song', start: 1 }] });
    expect(issues).toMatchObject([{ code: 'starts-after-end', path: 'movie.audio[0].start' }]);
  });

  test('take the sound of a video as long as the sound is', () => {
    const assets = [videoAsset('talk', { video: { durationSeconds: 5 }, audio: { durationSeconds: 0.4 } })];
    const { programme } = planOf({ scenes, audio: [{ src: 'asset:talk' }] }, { assets });
    expect(programme.tracks).toMatchObject([{ samples: 12 * 1600 }]);
  });
});
