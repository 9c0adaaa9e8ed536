// Pictures that stand still are encoded for a moment and repeated: the film must not show it.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalAssets } from '../../ffmpeg/picture-inputs.ts';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import { verifyClip } from '../../ffmpeg/verify-clip.ts';
import { asFrames } from '../../plan-compiler/frame-time.ts';
import { encodedFrames, pictureRuns } from '../../plan-compiler/picture-runs.ts';
import type {
  FrameRate,
  Framing,
  OutputSpec,
  PictureLayer,
  PicturePlan,
  PlacedStill,
  VideoPicture,
} from '../../plan-compiler/render-plan.ts';
import { decodeMedia, makeFolder, makeMedia, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { pictureTimes } from '../support/packets.ts';
import { testSkipFrames } from '../support/skip-frames.ts';

/** Large enough that repeating is worth its while from 289 repeated frames on. */
const size = { width: 640, height: 360 };
const rates: Record<string, FrameRate> = {
  '30': { num: 30, den: 1 },
  '30000/1001': { num: 30_000, den: 1001 },
  '7': { num: 7, den: 1 },
};
const skipFrames = testSkipFrames();

let folder: TestFolder;
let assets: LocalAssets = new Map();
let title: PlacedStill;

beforeAll(async () => {
  folder = await makeFolder();
  title = { path: folder.path('title.rgba'), width: 200, height: 60, x: 220, y: 240 };
  const drawing = Buffer.alloc(title.width * title.height * 4);
  for (let at = 0; at < drawing.length; at += 4)
    drawing.set([255, 240, 60, (at / 4) % 37 < 18 ? 255 : 0], at);
  await writeFile(title.path, drawing);
  const picture = 'gradients=s=640x360:c0=0x203040:c1=0xc08030:x0=0:y0=0:x1=639:y1=359:d=1';
  await makeMedia('-f', 'lavfi', '-i', picture, '-frames:v', '1', folder.path('photo.png'));
  await makeMedia(
    ...['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=30', '-frames:v', '60', '-g', '30'],
    ...['-pix_fmt', 'yuv420p', folder.path('clip.mp4')],
  );
  const video = {
    ...{ ...size, hasAlpha: false, isInterlaced: false },
    ...{ colorTransfer: 'unknown', colorPrimaries: 'unknown' },
  };
  const asset = { objectKey: 'x', bytes: 1 };
  assets = new Map([
    [
      'photo',
      {
        path: folder.path('photo.png'),
        asset: {
          ...{ ...asset, kind: 'image', demuxer: 'png_pipe' },
          video: { ...video, codec: 'png', colorSpace: 'gbr', colorRange: 'pc' },
        },
      },
    ],
    [
      'clip',
      {
        path: folder.path('clip.mp4'),
        asset: {
          ...{ ...asset, kind: 'video', demuxer: 'mov' },
          video: { ...video, codec: 'h264', colorSpace: 'unknown', colorRange: 'tv' },
        },
      },
    ],
  ]);
}, 60_000);
afterAll(() => folder.remove());

const framing: Framing = {
  ...{ crop: { x: 0, y: 0, ...size }, scaledWidth: size.width, scaledHeight: size.height },
  ...{ cut: { x: 0, y: 0, ...size }, flipH: false, flipV: false, rotated: null, x: 0, y: 0 },
};

type Timing = { readonly from?: number; readonly frames: number; readonly fade?: number };

function timed({ from = 0, frames, fade = 0 }: Timing) {
  const fades = { fadeInFrames: asFrames(fade), fadeOutFrames: asFrames(fade) };
  return { firstFrame: from, frames: asFrames(frames), ...fades, opacity: 1 };
}

const photo = (timing: Timing): PictureLayer => ({
  ...{ kind: 'image', asset: 'photo', framing, motion: null },
  ...timed(timing),
});
/** Only the still is used here; what is drawn on it is the drawing room's. */
const drawing = { type: 'shape' } as Extract<PictureLayer, { kind: 'drawn' }>['drawing'];
const drawn = (timing: Timing): PictureLayer => ({ kind: 'drawn', drawing, ...timed(timing) });
const clip = (played: number, timing: Timing): VideoPicture => ({
  ...{ kind: 'video', asset: 'clip', framing },
  ...timed(timing),
  segments: [{ sourceFrame: asFrames(0), frames: asFrames(played) }],
  holdFrames: asFrames(timing.frames - played),
});

const part = (frames: number, layers: readonly PictureLayer[]): PicturePlan => ({
  frames: asFrames(frames),
  background: { r: 20, g: 33, b: 61, a: 255 },
  layers,
});

/** What is shown, how many of its frames are encoded, and at what rate. */
const parts: Record<
  string,
  { readonly picture: PicturePlan; readonly encoded: number; readonly rate?: string; readonly gop?: number }
> = {
  'a plain background': { picture: part(320, []), encoded: 16 },
  'a title on a picture': {
    picture: part(330, [photo({ frames: 330 }), drawn({ frames: 330 })]),
    encoded: 16,
    rate: '30000/1001',
  },
  'a title that fades in and out': {
    picture: part(400, [photo({ frames: 400 }), drawn({ frames: 400, fade: 15 })]),
    encoded: 15 + 16 + 2 + 15,
    rate: '7',
  },
  'a title that comes and goes at once': {
    picture: part(500, [photo({ frames: 500 }), drawn({ from: 160, frames: 170 })]),
    encoded: 16 + 16 + 10 + 16,
  },
  'a clip that stops and stands': {
    picture: part(400, [clip(50, { frames: 400 }), drawn({ from: 20, frames: 380 })]),
    encoded: 49 + 16,
  },
  'a clip after a long still': {
    picture: part(420, [photo({ frames: 420 }), clip(60, { from: 350, frames: 60 })]),
    encoded: 16 + 14 + 60 + 10,
  },
  'a still longer than key frames may be apart': {
    picture: part(500, [photo({ frames: 500 }), drawn({ frames: 500, fade: 10 })]),
    encoded: 10 + 4 * 16 + 20,
    gop: 120,
  },
};

function outputOf({ rate = '30', gop = 500 }: { rate?: string; gop?: number }): OutputSpec {
  return {
    ...{ ...size, fps: rates[rate] ?? { num: 30, den: 1 }, sampleRate: 48_000, renderer: 'test' },
    video: {
      ...{ codec: 'h264', preset: 'veryfast', crf: 23, threads: 2 },
      ...{ gopFrames: asFrames(gop), repeatsStills: true },
    },
    audio: { codec: 'aac', bitsPerSecond: 192_000, channels: 2 },
  };
}

async function render(name: string, picture: PicturePlan, output: OutputSpec): Promise<string> {
  const outputPath = folder.path(`${name.replaceAll(' ', '_')}.mp4`);
  const stills = picture.layers.some(({ kind }) => kind === 'drawn') ? [title] : [];
  await renderPicture(testTools, { picture, output, assets, stills, outputPath, skipFrames, what: name });
  await verifyClip(testTools, { path: outputPath, frames: picture.frames, output });
  return outputPath;
}

/** SHA-256 of every decoded picture. A damaged stream is an error, not a guess. */
async function pictureHashes(path: string): Promise<string[]> {
  const strict = ['-xerror', '-err_detect', 'explode'];
  const lines = (
    await decodeMedia(...strict, '-i', path, '-hash', 'sha256', '-fps_mode', 'passthrough', '-f', 'framehash')
  ).toString();
  return lines.split('\n').flatMap((line) => (/^\d/.test(line) ? [line.split(',').at(-1) ?? ''] : []));
}

/** The least alike of all frames of two films, 0–1. */
async function lowestSsim(a: string, b: string): Promise<number> {
  const graph =
    '[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];[a][b]ssim=stats_file=-,format=yuv420p';
  const stats = (await decodeMedia('-i', a, '-i', b, '-filter_complex', graph, '-f', 'null')).toString();
  const values = [...stats.matchAll(/All:([\d.]+)/g)].map((match) => Number(match[1]));
  expect(values.length).toBeGreaterThan(0);
  return Math.min(...values);
}

/** Positions of the key frames. */
async function keyFrames(path: string): Promise<number[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=flags', '-of', 'csv=p=0'];
  const { stdout } = await promisify(execFile)(testTools.ffprobePath, ['-v', 'error', ...entries, path]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.flatMap((flags, index) => (flags.startsWith('K') ? [index] : []));
}

describe('a part with still stretches', () => {
  it.each(Object.entries(parts))('%s', { timeout: 60_000 }, async (name, { picture, encoded, ...format }) => {
    const output = outputOf(format);
    expect(encodedFrames(pictureRuns(picture, output))).toBe(encoded);
    expect(await skipFrames.forFormat(output)).not.toBeNull();
    const repeated = await render(name, picture, output);
    const every = await render(`${name} every frame`, picture, {
      ...output,
      video: { ...output.video, repeatsStills: false },
    });
    // Times on the grid, as many as planned (verifyClip), and every one of them decodes.
    expect(await pictureHashes(repeated)).toHaveLength(picture.frames);
    const { ticks } = await pictureTimes(repeated);
    expect(ticks).toEqual((await pictureTimes(every)).ticks);
    expect(await lowestSsim(repeated, every)).toBeGreaterThan(0.99);
    const keys = [...(await keyFrames(repeated)), picture.frames];
    const distances = keys.slice(1).map((key, index) => key - (keys[index] ?? 0));
    expect(keys[0]).toBe(0);
    expect(Math.max(...distances)).toBeLessThanOrEqual(output.video.gopFrames);
  });
});
