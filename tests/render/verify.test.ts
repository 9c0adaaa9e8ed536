import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeThumbnail } from '../../ffmpeg/make-thumbnail.ts';
import { readMedia } from '../../ffmpeg/read-media.ts';
import { verifyFilm } from '../../ffmpeg/verify-film.ts';
import { makeFolder, makeMedia, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { makeClip, tinyOutput } from '../support/film-output.ts';
import { makeShortFilm, type ShortFilm } from '../support/short-film.ts';
import { verifyClip } from '../support/verify-clip.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

describe('verification', () => {
  const fps = { num: 30, den: 1 };
  let film: ShortFilm;
  beforeAll(async () => {
    film = await makeShortFilm(folder, fps);
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

  it('finds a film that does not say its colours, or says others', async () => {
    const path = folder.path('colours.mp4');
    const others = 'h264_metadata=colour_primaries=5:transfer_characteristics=2:video_full_range_flag=1';
    await makeMedia('-i', film.path, '-map', '0', '-c', 'copy', '-bsf:v', others, path);
    await expect(verify(path)).rejects.toThrow(
      'range pc instead of tv, colour primaries bt470bg instead of bt709, colour transfer unknown instead of bt709',
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
    const clip = (frames: number, size?: { width: number; height: number }) => {
      const path = folder.path(`clip-${frames}-${size?.width ?? 'right'}.mp4`);
      return makeClip(path, frames, { fps, ...(size === undefined ? {} : { size }) }).then(() => path);
    };
    const check = (path: string, frames: number) =>
      verifyClip(testTools, { path, frames, output: tinyOutput(fps) });
    await expect(check(await clip(5), 5)).resolves.toBeUndefined();
    await expect(check(await clip(1), 1)).resolves.toBeUndefined();
    await expect(check(await clip(4), 5)).rejects.toThrow('frames 4 instead of 5');
    await expect(check(await clip(5, { width: 32, height: 36 }), 5)).rejects.toThrow(
      'width 32 instead of 64',
    );
    await expect(check(film.path, film.totalFrames)).rejects.toThrow('streams 2 instead of 1');
  });

  it('makes a thumbnail no wider than asked, the same bytes each time', async () => {
    const make = async (name: string, atSeconds: number) => {
      const outputPath = folder.path(name);
      await makeThumbnail(testTools, { clipPath: film.path, atSeconds, widthMax: 33, outputPath });
      return outputPath;
    };
    const first = await make('a.jpg', 1);
    const report = await readMedia(testTools, {
      path: first,
      inputOptions: ['-f', 'jpeg_pipe'],
      what: 'it',
      errorCode: 'INTERNAL',
      timeoutMs: 10_000,
      onPacket: () => undefined,
    });
    expect(report.streams[0]).toMatchObject({ codec_name: 'mjpeg', width: '32', height: '18' });
    expect((await readFile(first)).equals(await readFile(await make('b.jpg', 1)))).toBe(true);
    await expect(make('c.jpg', 3600)).rejects.toMatchObject({ code: 'ASSEMBLE_FAILED' });
  });
});
