import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinFilm } from '../../ffmpeg/join-film.ts';
import { makeThumbnail } from '../../ffmpeg/make-thumbnail.ts';
import { mixProgramme } from '../../ffmpeg/mix-programme.ts';
import { readMedia } from '../../ffmpeg/read-media.ts';
import { type SceneSound, sceneBus } from '../../ffmpeg/scene-bus.ts';
import { verifyClip } from '../../ffmpeg/verify-clip.ts';
import { verifyFilm } from '../../ffmpeg/verify-film.ts';
import { asSamples, sampleAt, samplesCovering } from '../../plan-compiler/frame-time.ts';
import type { FrameRate, PlanAsset, SoundLayer } from '../../plan-compiler/render-plan.ts';
import { decodeMedia, makeFolder, makeMedia, testTools } from '../support/ffmpeg-tools.ts';
import { makeClip, tinyOutput } from '../support/film-output.ts';
import { peak, peakAt, splitStereo, writeWav } from '../support/sound-files.ts';

const sampleRate = 48_000;
const rates: readonly FrameRate[] = [
  ...[30, 25, 60, 7].map((num) => ({ num, den: 1 })),
  { num: 30_000, den: 1001 },
];
let folder: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

type Film = {
  readonly path: string;
  readonly fps: FrameRate;
  /** First frame of each scene, and the end of the last. */
  readonly starts: readonly number[];
  readonly totalFrames: number;
  readonly totalSamples: number;
};

/** A pulse of 1 ms with its top in the middle: what AAC keeps in place. */
const pulse = (distance: number): number => 0.8 * Math.exp(-((distance / 12) ** 2));

const marked = [0, 59, 119];

/** 120 scenes of 1–9 frames, with a pulse in the middle of the marked ones. */
async function makeFilm(fps: FrameRate): Promise<Film> {
  const name = `${fps.num}-${fps.den}`;
  const lengths = Array.from({ length: 120 }, (_, index) => 1 + ((index * 7) % 9));
  for (let frames = 1; frames <= 9; frames += 1)
    await makeClip(folder.path(`${name}-${frames}.mp4`), frames, { fps });
  const starts = lengths.reduce((list, frames) => [...list, (list.at(-1) ?? 0) + frames], [0]);
  const sounds = await Promise.all(
    lengths.map((frames, index) => sceneSound(index, starts[index] ?? 0, { frames, fps })),
  );
  const totalFrames = starts.at(-1) ?? 0;
  const totalSamples = sampleAt(totalFrames, fps, sampleRate);
  const programmePath = folder.path(`${name}.m4a`);
  await mixProgramme(testTools, {
    programme: { totalSamples, tracks: [] },
    output: tinyOutput(fps),
    sceneSounds: sceneBus(sounds),
    assets: new Map(),
    outputPath: programmePath,
  });
  const path = folder.path(`${name}-film.mp4`);
  await joinFilm(testTools, {
    clips: lengths.map((frames) => ({ path: folder.path(`${name}-${frames}.mp4`), frames })),
    ...{ programmePath, output: tinyOutput(fps), workDir: folder.path('.'), outputPath: path },
  });
  return { path, fps, starts, totalFrames, totalSamples };
}

/** Silent but for the marked scenes, whose files hold more than the film takes, as a scene's file does. */
async function sceneSound(
  index: number,
  start: number,
  scene: { readonly frames: number; readonly fps: FrameRate },
): Promise<SceneSound> {
  const first = sampleAt(start, scene.fps, sampleRate);
  const samples = sampleAt(start + scene.frames, scene.fps, sampleRate) - first;
  if (!marked.includes(index)) return { samples, path: null };
  const held = samplesCovering(scene.frames, scene.fps, sampleRate);
  const raw = Buffer.alloc(held * 8);
  for (let sample = 0; sample < held; sample += 1) {
    const value = pulse(sample - Math.floor(samples / 2));
    raw.writeFloatLE(value, sample * 8);
    raw.writeFloatLE(value, sample * 8 + 4);
  }
  const path = folder.path(`${scene.fps.num}-${scene.fps.den}-${index}.f32`);
  await writeFile(path, raw);
  return { samples, path };
}

describe('a film of 120 short scenes', () => {
  for (const fps of rates) {
    it(`has every frame and every mark in its place at ${fps.num}/${fps.den}`, async () => {
      const film = await makeFilm(fps);
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
      for (const scene of marked) {
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
    const one = await makeFilm({ num: 25, den: 1 });
    const first = await readFile(one.path);
    await makeFilm({ num: 25, den: 1 });
    expect(first.equals(await readFile(one.path))).toBe(true);
  });

  it('decodes to its last frame and begins with its moov box', async () => {
    const film = await makeFilm({ num: 7, den: 1 });
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
      ...{ output: tinyOutput({ num: 30, den: 1 }), sceneSounds: sceneBus(scenes), outputPath },
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
      ...{ sampleRate, channels: 2, samples: 24_000 },
      at: (sample) => Math.sin((2 * Math.PI * 997 * sample) / sampleRate),
    });
    const round = { sourceSample: asSamples(0), samples: asSamples(24_000) };
    const sound = await mix(
      [{ samples: 144_000, path: null }],
      [
        {
          asset: 'one',
          ...{ startSample: asSamples(48_000), samples: asSamples(72_000), segments: [round, round, round] },
          ...{ gain: 0.25, fadeInSamples: asSamples(0), fadeOutSamples: asSamples(0), fadeCurve: 'tri' },
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
        ...{
          output: tinyOutput({ num: 30, den: 1 }),
          assets: new Map(),
          outputPath: folder.path('stop.m4a'),
        },
        sceneSounds: sceneBus([{ samples: 48_000, path: null }]),
        signal: AbortSignal.abort(),
      }),
    ).rejects.toThrow(/abort/i);
  });
});

describe('verification', () => {
  const fps = { num: 30, den: 1 };
  let film: Film;
  beforeAll(async () => {
    film = await makeFilm(fps);
  });
  const verify = (path: string, change: object = {}) =>
    verifyFilm(testTools, { path, plan: { ...film, output: tinyOutput(fps), ...change } });

  it('names a wrong number of frames, a wrong size and a wrong length of the sound', async () => {
    await expect(verify(film.path, { totalFrames: film.totalFrames + 1 })).rejects.toThrow(
      `frames ${film.totalFrames} instead of ${film.totalFrames + 1}`,
    );
    await expect(verify(film.path, { output: { ...tinyOutput(fps), width: 128 } })).rejects.toThrow(
      'width 64 instead of 128',
    );
    await expect(verify(film.path, { totalSamples: film.totalSamples - 2048 })).rejects.toThrow('samples');
    await expect(verify(film.path, { output: tinyOutput({ num: 25, den: 1 }) })).rejects.toThrow(
      'wrong time',
    );
  });

  it('finds a film that was cut', async () => {
    const path = folder.path('cut.mp4');
    await copyFile(film.path, path);
    await truncate(path, Math.floor((await readFile(path)).length * 0.8));
    await expect(verify(path)).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
  });

  it('finds a missing track and a file that is none', async () => {
    const mute = folder.path('mute.mp4');
    await makeMedia('-i', film.path, '-c', 'copy', '-an', mute);
    await expect(verify(mute)).rejects.toThrow('no sound');
    const empty = folder.path('empty.mp4');
    await writeFile(empty, '');
    await expect(verify(empty)).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
  });

  it('finds the drift of a join whose lengths are rounded to milliseconds', async () => {
    const list = folder.path('naive.ffconcat');
    const entry = `file '${folder.path('30-1-7.mp4')}'\nduration 0.234000\n`;
    await writeFile(list, `ffconcat version 1.0\n${entry.repeat(40)}`);
    const path = folder.path('naive.mp4');
    await makeMedia(
      ...['-f', 'concat', '-safe', '0', '-i', list, '-i', film.path, '-map', '0:v', '-map', '1:a'],
      ...['-c', 'copy', '-video_track_timescale', '30000', path],
    );
    await expect(verify(path, { totalFrames: 280 })).rejects.toThrow('planned: frame 7 at a wrong time');
  });

  it('lets a clip pass that is as planned, and names what differs in others', async () => {
    const clip = (frames: number, size?: string) => {
      const path = folder.path(`clip-${frames}-${size ?? 'right'}.mp4`);
      return makeClip(path, frames, { fps, ...(size === undefined ? {} : { size }) }).then(() => path);
    };
    const check = (path: string, frames: number) =>
      verifyClip(testTools, { path, frames, output: tinyOutput(fps) });
    await expect(check(await clip(5), 5)).resolves.toBeUndefined();
    await expect(check(await clip(1), 1)).resolves.toBeUndefined();
    await expect(check(await clip(4), 5)).rejects.toThrow('frames 4 instead of 5');
    await expect(check(await clip(5, '32x36'), 5)).rejects.toThrow('width 32 instead of 64');
    await expect(check(film.path, film.totalFrames)).rejects.toThrow('streams 2 instead of 1');
  });

  it('refuses to join when a clip is missing or empty', async () => {
    for (const missing of ['gone.mp4', 'empty-clip.mp4']) {
      if (missing.startsWith('empty')) await writeFile(folder.path(missing), '');
      const clips = ['30-1-7.mp4', missing, '30-1-7.mp4'].map((name) => ({
        path: folder.path(name),
        frames: 7,
      }));
      await expect(
        joinFilm(testTools, {
          ...{ clips, programmePath: folder.path('30-1.m4a'), output: tinyOutput(fps) },
          ...{ workDir: folder.path('.'), outputPath: folder.path('bad.mp4') },
        }),
      ).rejects.toMatchObject({ code: 'ASSEMBLE_FAILED' });
    }
  });

  it('makes a thumbnail no wider than asked, the same bytes each time', async () => {
    const make = async (name: string, atSeconds: number) => {
      const outputPath = folder.path(name);
      await makeThumbnail(testTools, { filmPath: film.path, atSeconds, widthMax: 33, outputPath });
      return outputPath;
    };
    const first = await make('a.jpg', 1);
    const report = await readMedia(testTools, {
      ...{
        path: first,
        inputOptions: ['-f', 'jpeg_pipe'],
        what: 'it',
        errorCode: 'INTERNAL',
        timeoutMs: 10_000,
      },
      onPacket: () => undefined,
    });
    expect(report.streams[0]).toMatchObject({ codec_name: 'mjpeg', width: '32', height: '18' });
    expect((await readFile(first)).equals(await readFile(await make('b.jpg', 1)))).toBe(true);
    await expect(make('c.jpg', 3600)).rejects.toMatchObject({ code: 'ASSEMBLE_FAILED' });
  });
});
