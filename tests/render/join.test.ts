import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixProgramme } from '../../ffmpeg/mix-programme.ts';
import { type SceneSound, sceneBus } from '../../ffmpeg/scene-bus.ts';
import { verifyFilm } from '../../ffmpeg/verify-film.ts';
import { asSamples, sampleAt } from '../../plan-compiler/frame-time.ts';
import type { FrameRate, PlanAsset, SoundLayer } from '../../plan-compiler/render-plan.ts';
import { decodeMedia, makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { tinyOutput } from '../support/film-output.ts';
import { makeShortFilm, markedScenes } from '../support/short-film.ts';
import { peak, peakAt, splitStereo, writeWav } from '../support/sound-files.ts';

const sampleRate = 48_000;
const rates: readonly FrameRate[] = [
  ...[30, 25, 60, 7].map((num) => ({ num, den: 1 })),
  { num: 30_000, den: 1001 },
];
let folder: TestFolder;

beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

describe('a film of 120 short scenes', () => {
  for (const fps of rates) {
    it(`has every frame and every mark in its place at ${fps.num}/${fps.den}`, async () => {
      const film = await makeShortFilm(folder, fps);
      const plan = { ...film, output: tinyOutput(fps) };
      const verified = await verifyFilm(testTools, { path: film.path, plan });
      expect(verified).toMatchObject({
        frames: film.totalFrames,
        width: 64,
        videoCodec: 'h264',
        audioCodec: 'aac',
      });
      // Placed by time stamps, as a player does it, so that a late start of the track would show.
      const sound = splitStereo(
        await decodeMedia(
          '-i',
          film.path,
          '-map',
          '0:a',
          '-af',
          'aresample=async=1:first_pts=0',
          '-f',
          'f32le',
        ),
      );
      for (const scene of markedScenes) {
        const [start = 0, end = 0] = [film.starts[scene], film.starts[scene + 1]].map((frame) =>
          sampleAt(frame ?? 0, fps, sampleRate),
        );
        const wanted = start + Math.floor((end - start) / 2);
        const found = peakAt(sound.left, Math.max(0, wanted - 2_000), wanted + 2_000);
        expect(Math.abs(found - wanted)).toBeLessThan(sampleRate / 1000);
      }
      expect(Math.abs(sound.samples - film.totalSamples)).toBeLessThan(1024);
    });
  }

  it('is the same, byte for byte, when it is joined again', async () => {
    const one = await makeShortFilm(folder, { num: 25, den: 1 });
    const first = await readFile(one.path);
    await makeShortFilm(folder, { num: 25, den: 1 });
    expect(first.equals(await readFile(one.path))).toBe(true);
  });

  it('decodes to its last frame and begins with its moov box', async () => {
    const film = await makeShortFilm(folder, { num: 7, den: 1 });
    const picture = await decodeMedia(
      '-i',
      film.path,
      '-map',
      '0:v',
      '-fps_mode',
      'passthrough',
      '-pix_fmt',
      'gray',
      '-f',
      'rawvideo',
    );
    expect(picture.length).toBe(film.totalFrames * 64 * 36);
    const bytes = (await readFile(film.path)).toString('latin1');
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(bytes.includes('Lavf')).toBe(false);
  });
});

describe("the film's sound", () => {
  const asset: PlanAsset = { objectKey: '', bytes: 0, demuxer: 'wav', kind: 'audio', video: null };
  const mix = async (scenes: readonly SceneSound[], tracks: readonly SoundLayer[] = []) => {
    const outputPath = folder.path('mix.m4a');
    const totalSamples = asSamples(scenes.reduce((total, scene) => total + scene.samples, 0));
    await mixProgramme(testTools, {
      programme: { totalSamples, tracks },
      output: tinyOutput({ num: 30, den: 1 }),
      sceneSounds: sceneBus(scenes),
      outputPath,
      assets: new Map([['one', { path: folder.path('one.wav'), asset }]]),
    });
    return splitStereo(await decodeMedia('-i', outputPath, '-f', 'f32le'));
  };

  it('is silence of the right length where all scenes are silent', async () => {
    const sound = await mix([
      { samples: 100_003, path: null },
      { samples: 1, path: null },
    ]);
    expect(sound.samples - 100_004).toBeGreaterThanOrEqual(0);
    expect(sound.samples - 100_004).toBeLessThan(1024);
    expect(peak(sound.left)).toBe(0);
  });

  it('lies under the scenes with its own gain, place and loops', async () => {
    await writeWav(folder.path('one.wav'), {
      sampleRate,
      channels: 2,
      samples: 24_000,
      at: (sample) => Math.sin((2 * Math.PI * 997 * sample) / sampleRate),
    });
    const round = { sourceSample: asSamples(0), samples: asSamples(24_000) };
    const sound = await mix(
      [{ samples: 144_000, path: null }],
      [
        {
          asset: 'one',
          startSample: asSamples(48_000),
          samples: asSamples(72_000),
          segments: [round, round, round],
          gain: 0.25,
          fadeInSamples: asSamples(0),
          fadeOutSamples: asSamples(0),
          fadeCurve: 'tri',
        },
      ],
    );
    expect(peak(sound.left, 0, 46_000)).toBeLessThan(0.01);
    for (const from of [50_000, 74_000, 98_000])
      expect(peak(sound.left, from, from + 20_000)).toBeCloseTo(0.25, 1);
    expect(peak(sound.left, 122_000)).toBeLessThan(0.01);
  });

  it("is refused when a scene's file is too short", async () => {
    const path = folder.path('short.f32');
    await writeFile(path, Buffer.alloc(800));
    await expect(mix([{ samples: 101, path }])).rejects.toMatchObject({ code: 'ASSEMBLE_FAILED' });
  });

  it('stops when it is told to', async () => {
    await expect(
      mixProgramme(testTools, {
        programme: { totalSamples: asSamples(48_000), tracks: [] },
        output: tinyOutput({ num: 30, den: 1 }),
        assets: new Map(),
        outputPath: folder.path('stop.m4a'),
        sceneSounds: sceneBus([{ samples: 48_000, path: null }]),
        signal: AbortSignal.abort(),
      }),
    ).rejects.toThrow(/abort/i);
  });
});
