// A canvas of 640 × 360 with layers of every kind on it: a photo, a clip that moves, a drawn title.
import { writeFile } from 'node:fs/promises';
import type { LocalAssets } from '../../ffmpeg/picture-inputs.ts';
import { asFrames } from '../../plan-compiler/frame-time.ts';
import type {
  FrameRate,
  Framing,
  OutputSpec,
  PictureLayer,
  PicturePlan,
  PlacedStill,
  VideoPicture,
} from '../../plan-compiler/render-plan.ts';
import { makeMedia, type TestFolder } from './ffmpeg-tools.ts';

const size = { width: 640, height: 360 };

/** The photo and the clip as large as the canvas, and what is drawn as the title and as a second one above it. */
export type SceneMedia = {
  readonly assets: LocalAssets;
  readonly title: PlacedStill;
  readonly secondTitle: PlacedStill;
};

export async function makeSceneMedia(folder: TestFolder): Promise<SceneMedia> {
  const photo = folder.path('photo.png');
  const clip = folder.path('clip.mp4');
  const gradient = 'gradients=s=640x360:c0=0x203040:c1=0xc08030:x0=0:y0=0:x1=639:y1=359:d=1';
  await makeMedia('-f', 'lavfi', '-i', gradient, '-frames:v', '1', photo);
  await makeMedia(
    ...['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=30', '-frames:v', '60', '-g', '30'],
    ...['-pix_fmt', 'yuv420p', clip],
  );
  const video = {
    ...size,
    hasAlpha: false,
    isInterlaced: false,
    colorTransfer: 'unknown',
    colorPrimaries: 'unknown',
  };
  const asset = { objectKey: 'x', bytes: 1 };
  const png = { ...video, codec: 'png', colorSpace: 'gbr', colorRange: 'pc' };
  const h264 = { ...video, codec: 'h264', colorSpace: 'unknown', colorRange: 'tv' };
  const assets: LocalAssets = new Map([
    ['photo', { path: photo, asset: { ...asset, kind: 'image', demuxer: 'png_pipe', video: png } }],
    ['clip', { path: clip, asset: { ...asset, kind: 'video', demuxer: 'mov', video: h264 } }],
  ]);
  const title = await drawTitle(folder.path('title.rgba'));
  return { assets, title, secondTitle: { ...title, x: 50, y: 30 } };
}

/** Stripes: opaque, half-transparent, nothing. */
async function drawTitle(path: string): Promise<PlacedStill> {
  const title = { path, width: 200, height: 60, x: 221, y: 240 };
  const drawing = Buffer.alloc(title.width * title.height * 4);
  for (let at = 0; at < drawing.length; at += 4) {
    const alpha = [255, 128, 0][Math.floor(((at / 4) % 37) / 13)] ?? 0;
    drawing.set([255, 240, 60, alpha], at);
  }
  await writeFile(path, drawing);
  return title;
}

const framing: Framing = {
  crop: { x: 0, y: 0, ...size },
  scaledWidth: size.width,
  scaledHeight: size.height,
  cut: { x: 0, y: 0, ...size },
  flipH: false,
  flipV: false,
  rotated: null,
  x: 0,
  y: 0,
};
const turned: Framing = {
  ...framing,
  scaledWidth: 200,
  scaledHeight: 112,
  cut: { x: 0, y: 0, width: 200, height: 112 },
  rotated: { degrees: 17, width: 224, height: 166 },
  x: 61,
  y: -20,
};

export type LayerTime = {
  readonly from?: number;
  readonly frames: number;
  readonly fade?: number;
  readonly opacity?: number;
};

function timed({ from = 0, frames, fade = 0, opacity = 1 }: LayerTime) {
  const fades = { fadeInFrames: asFrames(fade), fadeOutFrames: asFrames(fade) };
  return { firstFrame: from, frames: asFrames(frames), ...fades, opacity };
}

export function photo(time: LayerTime): PictureLayer {
  return { kind: 'image', asset: 'photo', framing, motion: null, ...timed(time) };
}

/** The photo small and turned, partly beyond the canvas. */
export function turnedPhoto(time: LayerTime): PictureLayer {
  return { kind: 'image', asset: 'photo', framing: turned, motion: null, ...timed(time) };
}

/** Only the still is used where pictures are put together; what is drawn on it is the drawing room's. */
const drawing = { type: 'shape' } as Extract<PictureLayer, { kind: 'drawn' }>['drawing'];

export function drawn(time: LayerTime): PictureLayer {
  return { kind: 'drawn', drawing, ...timed(time) };
}

/** Plays so many frames, then holds the last for the rest of `time` that lies in the part. */
export function clip(played: number, time: LayerTime): VideoPicture {
  return {
    kind: 'video',
    asset: 'clip',
    framing,
    ...timed(time),
    segments: [{ sourceFrame: asFrames(0), frames: asFrames(played) }],
    holdFrames: asFrames(time.frames + Math.min(0, time.from ?? 0) - played),
  };
}

export function part(frames: number, layers: readonly PictureLayer[]): PicturePlan {
  return { frames: asFrames(frames), background: { r: 20, g: 33, b: 61, a: 255 }, layers };
}

const ntsc: FrameRate = { num: 30_000, den: 1001 };

export function layeredOutput(
  options: { rate?: '30' | '7' | 'ntsc'; gop?: number; crf?: number; repeatsStills?: boolean } = {},
): OutputSpec {
  const { rate = '30', gop = 500, crf = 23, repeatsStills = true } = options;
  return {
    ...size,
    sampleRate: 48_000,
    renderer: 'test',
    fps: rate === 'ntsc' ? ntsc : { num: Number(rate), den: 1 },
    video: {
      codec: 'h264',
      preset: 'veryfast',
      crf,
      threads: 2,
      gopFrames: asFrames(gop),
      repeatsStills,
    },
    audio: { codec: 'aac', bitsPerSecond: 192_000, channels: 2 },
  };
}
