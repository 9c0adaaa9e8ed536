import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FilmClip, joinFilm } from '../../ffmpeg/join-film.ts';
import { readMedia } from '../../ffmpeg/read-media.ts';
import { timescaleOf } from '../../plan-compiler/frame-time.ts';
import { joinWithFfmpeg } from '../support/ffmpeg-join.ts';
import { decodeMedia, makeFolder, makeMedia, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { makeClip } from '../support/film-output.ts';
import { makeShortFilm, type ShortFilm } from '../support/short-film.ts';

const fps = { num: 30_000, den: 1001 };
let folder: TestFolder;
let film: ShortFilm;

beforeAll(async () => {
  folder = await makeFolder();
  film = await makeShortFilm(folder, fps);
});
afterAll(() => folder.remove());

/** One line a frame or packet: when it is shown and the hash of what it holds. */
async function hashes(path: string, ...options: readonly string[]): Promise<readonly string[]> {
  const lines = await decodeMedia('-i', path, ...options, '-f', 'framemd5');
  return lines
    .toString()
    .split('\n')
    .filter((line) => /^\d/.test(line));
}

describe('a film joined by us', () => {
  it('has the pictures and the sound of the one that FFmpeg joins, each at the same time', async () => {
    const path = folder.path('by-ffmpeg.mp4');
    await joinWithFfmpeg(folder, { ...film, outputPath: path });
    for (const options of [
      ['-map', '0:v', '-fps_mode', 'passthrough'],
      ['-map', '0:a'],
      ['-map', '0:a', '-c', 'copy'],
    ]) {
      const ours = await hashes(film.path, ...options);
      expect(ours.length).toBeGreaterThan(100);
      expect(ours).toEqual(await hashes(path, ...options));
    }
  });

  it('holds sound and pictures of the same half second next to each other', async () => {
    const decoded = { video: 0, audio: 0 };
    const distances: number[] = [];
    await readMedia(testTools, {
      path: film.path,
      inputOptions: ['-f', 'mov'],
      what: 'the film',
      errorCode: 'INTERNAL',
      timeoutMs: 10_000,
      onPacket: ({ stream, pts }) => {
        if (stream === 0) decoded.video = (pts ?? 0) / timescaleOf(fps);
        else decoded.audio = (pts ?? 0) / 48_000;
        distances.push(Math.abs(decoded.video - decoded.audio));
      },
    });
    expect(distances.length).toBeGreaterThan(1000);
    // Half a second of each, and a picture that is shown two frames later than it is decoded.
    expect(Math.max(...distances)).toBeLessThan(0.6);
  });
});

/** What FFmpeg, from some version on, writes down of a clip before what it is told. */
const strangeSources: Record<string, readonly string[]> = {
  'a JPEG, which says otherwise where its chroma lies': ['-pix_fmt', 'yuvj420p', 'source.jpg'],
  'a film with the colours of old television': [
    ...[
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'libx264',
      '-colorspace',
      'smpte170m',
      '-color_primaries',
      'smpte170m',
    ],
    // FFmpeg 5 tags by the options above, FFmpeg 9 by the frames.
    ...[
      '-color_trc',
      'smpte170m',
      '-vf',
      'setparams=color_primaries=smpte170m:color_trc=smpte170m',
      'source.mp4',
    ],
  ],
};

it.each(Object.entries(strangeSources))('clips of any source join: %s', async (_, options) => {
  const name = options.at(-1) ?? '';
  const [source, clip] = [folder.path(name), folder.path(`clip-of-${name}.mp4`)];
  const frame = ['-f', 'lavfi', '-i', 'testsrc2=size=64x36', '-frames:v', '1'];
  await makeMedia(...frame, ...options.slice(0, -1), source);
  await makeClip(clip, 7, { fps, picture: source });
  const clips = [...film.clips, { path: clip, frames: 7 }];
  const { programmePath } = film;
  await joinFilm({ clips, programmePath, outputPath: folder.path(`with-${name}.mp4`) });
});

describe('clips that cannot be joined', () => {
  const join = (clips: readonly FilmClip[]) =>
    joinFilm({ clips, programmePath: film.programmePath, outputPath: folder.path('never.mp4') });
  const good = (): FilmClip => ({ path: folder.path('30000-1001-7.mp4'), frames: 7 });

  it('are named: missing, empty, cut off, no film at all', async () => {
    const whole = await readFile(good().path);
    const cases: readonly (readonly [string, (path: string) => Promise<unknown>, string])[] = [
      ['gone.mp4', () => Promise.resolve(), 'gone.mp4: ENOENT'],
      ['empty.mp4', (path) => writeFile(path, ''), 'empty.mp4: it has no index'],
      [
        'cut.mp4',
        (path) => writeFile(path, whole.subarray(0, whole.length - 100)),
        'cut.mp4: its box "moov" is cut off',
      ],
      ['half.mp4', (path) => writeFile(path, whole.subarray(0, whole.length / 2)), 'half.mp4: its box'],
      ['text.mp4', (path) => writeFile(path, 'no film at all, but long enough'), 'text.mp4: its box'],
    ];
    for (const [name, make, text] of cases) {
      const path = folder.path(name);
      await make(path);
      const joined = join([good(), { path, frames: 7 }, good()]);
      await expect(joined, name).rejects.toMatchObject({ code: 'ASSEMBLE_FAILED' });
      await expect(join([good(), { path, frames: 7 }]), name).rejects.toThrow(text);
    }
  });

  it('are named where one is shorter than planned or coded otherwise', async () => {
    const large = folder.path('large.mp4');
    await makeClip(large, 7, { fps, size: { width: 128, height: 72 } });
    await expect(join([good(), { path: large, frames: 7 }])).rejects.toThrow(
      'large.mp4 was encoded with other',
    );
    await expect(join([good(), { ...good(), frames: 8 }])).rejects.toThrow('7 frames instead of 8');
  });

  it('are let go when the caller gives up', async () => {
    const joined = joinFilm({
      clips: [good()],
      programmePath: film.programmePath,
      outputPath: folder.path('stopped.mp4'),
      signal: AbortSignal.abort(new Error('given up')),
    });
    await expect(joined).rejects.toThrow('given up');
  });
});
