import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAssets } from '../../ffmpeg/picture-inputs.ts';
import { renderSound } from '../../ffmpeg/render-sound.ts';
import { sceneBus } from '../../ffmpeg/scene-bus.ts';
import { asSamples, sampleAt, samplesCovering } from '../../plan-compiler/frame-time.ts';
import type { PlanAsset, SoundLayer } from '../../plan-compiler/render-plan.ts';
import { makeFolder, makeMedia, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { differenceDb, peak, peakAt, readRaw, splitStereo, writeWav } from '../support/sound-files.ts';

const rate = 48_000;
const toneHz = 997;
let folder: TestFolder;
let assets: LocalAssets;

const asset = (demuxer: string): PlanAsset => ({
  objectKey: '',
  bytes: 0,
  demuxer,
  kind: 'audio',
  video: null,
});

beforeAll(async () => {
  folder = await makeFolder();
  const tone = (sampleRate: number, gain = 0.5) => ({
    sampleRate,
    at: (sample: number) => gain * Math.sin((2 * Math.PI * toneHz * sample) / sampleRate),
  });
  await writeWav(folder.path('tone.wav'), { ...tone(48_000), channels: 2, samples: 48_000 * 20 });
  await writeWav(folder.path('mono.wav'), { ...tone(44_100), channels: 1, samples: 44_100 * 4 });
  await writeWav(folder.path('surround.wav'), { ...tone(48_000, 1), channels: 6, samples: 48_000 });
  await writeWav(folder.path('one.wav'), { sampleRate: rate, channels: 2, samples: rate * 2, at: () => 1 });
  await writeWav(folder.path('sides.wav'), {
    sampleRate: rate,
    channels: 2,
    samples: rate,
    at: (_, channel) => (channel === 0 ? 0.25 : -0.5),
  });
  await writeWav(folder.path('clicks.wav'), {
    sampleRate: rate,
    channels: 2,
    samples: rate * 6,
    at: (sample) => (sample % rate === 24_000 ? 0.9 : 0),
  });
  await makeMedia('-i', folder.path('tone.wav'), '-c:a', 'aac', '-b:a', '256k', folder.path('tone.m4a'));
  await makeMedia('-i', folder.path('tone.wav'), '-c:a', 'libmp3lame', folder.path('tone.mp3'));
  await makeMedia('-i', folder.path('tone.wav'), '-c:a', 'libvorbis', folder.path('tone.webm'));
  await makeMedia('-i', folder.path('tone.wav'), '-c:a', 'flac', folder.path('tone.flac'));
  await makeMedia('-i', folder.path('tone.wav'), '-c:a', 'libopus', folder.path('tone.ogg'));
  await makeMedia(
    ...['-f', 'lavfi', '-i', 'color=s=64x36:r=25:d=3', '-itsoffset', '0.7', '-i', folder.path('clicks.wav')],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-c:a', 'aac', '-t', '5', folder.path('late.mp4')],
  );
  const files = {
    tone: 'wav',
    mono: 'wav',
    surround: 'wav',
    one: 'wav',
    sides: 'wav',
    clicks: 'wav',
    flac: 'flac',
    m4a: 'mov',
    mp3: 'mp3',
    webm: 'matroska',
    ogg: 'ogg',
    late: 'mov',
  } as const;
  const names: Readonly<Record<string, string>> = {
    flac: 'tone.flac',
    m4a: 'tone.m4a',
    mp3: 'tone.mp3',
    webm: 'tone.webm',
    ogg: 'tone.ogg',
    late: 'late.mp4',
  };
  assets = new Map(
    Object.entries(files).map(([hash, demuxer]) => [
      hash,
      { path: folder.path(names[hash] ?? `${hash}.wav`), asset: asset(demuxer) },
    ]),
  );
});

afterAll(() => folder.remove());

function layer(
  hash: string,
  change: Omit<Partial<SoundLayer>, 'samples'> & { readonly samples: number },
): SoundLayer {
  return {
    asset: hash,
    startSample: asSamples(0),
    segments: [{ sourceSample: asSamples(0), samples: asSamples(change.samples) }],
    gain: 1,
    fadeInSamples: asSamples(0),
    fadeOutSamples: asSamples(0),
    fadeCurve: 'tri',
    ...change,
    samples: asSamples(change.samples),
  };
}

const from = (sourceSample: number, samples: number) => [
  { sourceSample: asSamples(sourceSample), samples: asSamples(samples) },
];

async function render(samples: number, ...layers: readonly SoundLayer[]) {
  const outputPath = folder.path('out.f32');
  const sound = { samples: asSamples(samples), layers };
  const result = await renderSound(testTools, {
    sound,
    output: { sampleRate: rate },
    assets,
    outputPath,
    what: 'the test',
  });
  expect(result).toEqual({ samples, bytes: samples * 8 });
  return readRaw(outputPath);
}

describe('the sound of a scene', () => {
  it('has exactly the planned samples at every rate', async () => {
    for (const fps of [30, 25, 60, 7].map((num) => ({ num, den: 1 })).concat({ num: 30_000, den: 1001 })) {
      const samples = samplesCovering(17, fps, rate);
      expect((await render(samples, layer('tone', { samples }))).samples).toBe(samples);
    }
  });

  it('is the source, bit for bit, where nothing is changed', async () => {
    const sound = await render(48_000, layer('tone', { samples: 48_000, segments: from(100_001, 48_000) }));
    const wanted = Float32Array.from({ length: 48_000 }, (_, sample) =>
      Math.fround(0.5 * Math.sin((2 * Math.PI * toneHz * (sample + 100_001)) / rate)),
    );
    expect(differenceDb(sound.left, wanted)).toBe(Number.NEGATIVE_INFINITY);
    expect(differenceDb(sound.right, wanted)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is silence of the right length where no layer sounds', async () => {
    const sound = await render(4_801);
    expect(peak(sound.left) + peak(sound.right)).toBe(0);
  });

  it('keeps the sides apart and brings mono to both at full level', async () => {
    const sides = await render(1_000, layer('sides', { samples: 1_000 }));
    expect([sides.left[500], sides.right[500]]).toEqual([0.25, -0.5]);
    const mono = await render(48_000, layer('mono', { samples: 48_000 }));
    expect(peak(mono.left, 1_000)).toBeCloseTo(0.5, 3);
    expect(differenceDb(mono.left, mono.right)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('brings six channels to two without clipping', async () => {
    const sound = await render(48_000, layer('surround', { samples: 48_000 }));
    expect(peak(sound.left)).toBeGreaterThan(0.99);
    expect(peak(sound.left)).toBeLessThanOrEqual(1.000_001);
  });

  it('resamples 44.1 kHz in phase', async () => {
    const sound = await render(96_000, layer('mono', { samples: 96_000, segments: from(70_003, 96_000) }));
    const wanted = Float32Array.from(
      { length: 96_000 },
      (_, sample) => 0.5 * Math.sin((2 * Math.PI * toneHz * (sample + 70_003)) / rate),
    );
    expect(differenceDb(sound.left, wanted)).toBeLessThan(-80);
  });

  it('is followed by silence where the source ends early, even before its cut begins', async () => {
    const short = await render(120_000, layer('one', { samples: 120_000, segments: from(36_000, 120_000) }));
    expect(short.left[59_999]).toBe(1);
    expect(peak(short.left, 60_000)).toBe(0);
    const beyond = await render(4_800, layer('one', { samples: 4_800, segments: from(480_000, 4_800) }));
    expect(peak(beyond.left)).toBe(0);
  });

  it('keeps late sound late, by the clock of the file', async () => {
    const sound = await render(48_000 * 3, layer('late', { samples: 48_000 * 3 }));
    // The click lies at 0.5 s of a sound that begins at 0.7 s of the file.
    expect(Math.abs(peakAt(sound.left, 0, 60_000) - 1.2 * rate)).toBeLessThan(rate / 1000);
    expect(peak(sound.left, 0, Math.floor(0.65 * rate))).toBe(0);
    const cut = await render(48_000, layer('late', { samples: 48_000, segments: from(2 * rate, 48_000) }));
    expect(Math.abs(peakAt(cut.left, 0, 48_000) - 0.2 * rate)).toBeLessThan(rate / 1000);
  });
});

describe('layers', () => {
  it('begin at their sample and end with their length', async () => {
    const sound = await render(9_000, layer('one', { samples: 3_001, startSample: asSamples(2_003) }));
    expect(peak(sound.left, 0, 2_003)).toBe(0);
    expect(sound.left.slice(2_003, 5_004).every((value) => value === 1)).toBe(true);
    expect(peak(sound.left, 5_004)).toBe(0);
  });

  it('that begin minutes into the scene are still in place', async () => {
    const start = 400 * rate + 7;
    const sound = await render(401 * rate, layer('one', { samples: 100, startSample: asSamples(start) }));
    expect([
      sound.left[start - 1],
      sound.left[start],
      sound.left[start + 99],
      sound.left[start + 100],
    ]).toEqual([0, 1, 1, 0]);
  });

  it('are added without turning each other down, past full scale too', async () => {
    const short = layer('one', { samples: 1_000, gain: 0.75 });
    const sound = await render(
      4_000,
      layer('one', { samples: 4_000 }),
      short,
      layer('one', { samples: 4_000 }),
    );
    expect([sound.left[500], sound.left[999], sound.left[1_000], sound.left[3_999]]).toEqual([
      2.75, 2.75, 2, 2,
    ]);
  });

  it('have the planned gain', async () => {
    const sound = await render(1_000, layer('one', { samples: 1_000, gain: 0.123_456 }));
    expect(sound.left[500]).toBeCloseTo(0.123_456, 6);
  });

  it('fade in and out over exactly the planned samples', async () => {
    const fades = { fadeInSamples: asSamples(1_000), fadeOutSamples: asSamples(2_000) };
    const sound = await render(
      9_000,
      layer('one', { samples: 8_000, startSample: asSamples(500), ...fades }),
    );
    const at = (sample: number) => sound.left[500 + sample] ?? Number.NaN;
    expect(at(0)).toBeCloseTo(0, 2);
    expect(at(250)).toBeCloseTo(0.25, 2);
    expect(at(999)).toBeCloseTo(1, 2);
    expect([at(1_000), at(5_999)]).toEqual([1, 1]);
    expect(at(7_000)).toBeCloseTo(0.5, 2);
    expect(at(7_999)).toBeCloseTo(0, 2);
    expect(at(8_000)).toBe(0);
  });

  it('fade by each of the curves', async () => {
    const middles: Record<string, number> = {};
    for (const fadeCurve of ['tri', 'qsin', 'exp', 'log'] as const) {
      const sound = await render(
        2_000,
        layer('one', { samples: 2_000, fadeInSamples: asSamples(1_000), fadeCurve }),
      );
      middles[fadeCurve] = sound.left[500] ?? Number.NaN;
    }
    expect(middles.tri).toBeCloseTo(0.5, 2);
    expect(middles.qsin).toBeCloseTo(Math.SQRT1_2, 2);
    expect(middles.exp).toBeLessThan(0.1);
    expect(middles.log).toBeGreaterThan(0.8);
  });

  it('repeat a loop to the sample, its last round cut short', async () => {
    const loop = { sourceSample: asSamples(24_000), samples: asSamples(2_401) };
    const segments = [loop, loop, loop, { ...loop, samples: asSamples(100) }];
    const sound = await render(8_000, layer('clicks', { samples: 8_000, segments }));
    const clicks = [...sound.left.entries()].filter(([, value]) => value > 0.5).map(([sample]) => sample);
    expect(clicks).toEqual([0, 2_401, 4_802, 7_203]);
  });

  it('play different stretches of a source one after the other', async () => {
    const segments = [...from(23_990, 20), ...from(71_990, 11), ...from(24_000, 5)];
    const sound = await render(100, layer('clicks', { samples: 36, segments }));
    const clicks = [...sound.left.entries()].filter(([, value]) => value > 0.5).map(([sample]) => sample);
    expect(clicks).toEqual([10, 30, 31]);
  });
});

describe('a tone that runs on through twenty scenes', () => {
  const fps = { num: 30_000, den: 1001 };
  const scenes = Array.from({ length: 20 }, (_, index) => ({ start: index * 13, frames: 13 }));

  for (const hash of ['tone', 'flac', 'm4a', 'mp3', 'webm', 'ogg']) {
    it(`has no seam when its source is ${hash}`, async () => {
      const paths: string[] = [];
      for (const [index, scene] of scenes.entries()) {
        const samples = samplesCovering(scene.frames, fps, rate);
        const segments = from(sampleAt(scene.start, fps, rate), samples);
        await render(samples, layer(hash, { samples, segments }));
        const path = folder.path(`scene-${index}.f32`);
        await writeFile(path, await readFile(folder.path('out.f32')));
        paths.push(path);
      }
      const parts = scenes.map((scene, index) => ({
        path: paths[index] ?? null,
        samples: sampleAt(scene.start + scene.frames, fps, rate) - sampleAt(scene.start, fps, rate),
      }));
      const joined = splitStereo(Buffer.concat(await sceneBus(parts).toArray()));
      const total = sampleAt(260, fps, rate);
      const whole = await render(total, layer(hash, { samples: total }));
      expect(joined.samples).toBe(total);
      expect(differenceDb(joined.left, whole.left)).toBeLessThan(-80);
      expect(peak(whole.left)).toBeGreaterThan(0.4);
    });
  }
});
