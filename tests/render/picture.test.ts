import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGround } from '../../ffmpeg/cage.ts';
import type { LocalAssets } from '../../ffmpeg/picture-inputs.ts';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import type {
  Frames,
  Framing,
  ImagePicture,
  OutputSpec,
  PictureLayer,
  PlacedStill,
  VideoPicture,
} from '../../plan-compiler/render-plan.ts';
import { ffmpeg, readCounters, writeCounterVideo } from '../support/frame-counter.ts';
import { testSkipFrames } from '../support/skip-frames.ts';

const size = { width: 64, height: 64 };
const frames = (count: number): Frames => count as Frames;
const tools = {
  ffmpegPath: process.env.FFMPEG_PATH ?? 'ffmpeg',
  ffprobePath: process.env.FFPROBE_PATH ?? 'ffprobe',
  cage: openGround,
};

const skipFrames = testSkipFrames();

const whole: Framing = {
  crop: { x: 0, y: 0, ...size },
  scaledWidth: 64,
  scaledHeight: 64,
  cut: { x: 0, y: 0, ...size },
  flipH: false,
  flipV: false,
  rotated: null,
  x: 0,
  y: 0,
};

const timing = { firstFrame: 0, fadeInFrames: frames(0), fadeOutFrames: frames(0), opacity: 1 };

function output(fps: OutputSpec['fps']): OutputSpec {
  return {
    ...size,
    fps,
    sampleRate: 48_000,
    video: {
      codec: 'h264',
      preset: 'veryfast',
      crf: 12,
      threads: 2,
      gopFrames: frames(250),
      repeatsStills: true,
    },
    audio: { codec: 'aac', bitsPerSecond: 192_000, channels: 2 },
    renderer: 'test',
  };
}

let folder = '';
let assets: LocalAssets = new Map();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-picture-'));
  const video = {
    codec: 'h264',
    ...size,
    hasAlpha: false,
    isInterlaced: false,
    colorSpace: 'unknown',
    colorTransfer: 'unknown',
    colorPrimaries: 'unknown',
    colorRange: 'tv',
  };
  const at = (name: string): string => join(folder, name);
  await writeCounterVideo(at('at30.mp4'), { ...size, fps: '30', frames: 200, gop: 50, extra: ['-bf', '3'] });
  await writeCounterVideo(at('at60.mkv'), { ...size, fps: '60', frames: 400, gop: 60 });
  await ffmpeg(['-f', 'lavfi', '-i', 'color=c=0xff8000:s=64x64', '-frames:v', '1', at('orange.png')]);
  const mov = { objectKey: 'x', bytes: 1, kind: 'video', video } as const;
  const image = {
    ...({ objectKey: 'x', bytes: 1, kind: 'image', demuxer: 'png_pipe' } as const),
    video: { ...video, codec: 'png', colorSpace: 'gbr', colorRange: 'pc' },
  } as const;
  assets = new Map([
    ['at30', { path: at('at30.mp4'), asset: { ...mov, demuxer: 'mov' } }],
    ['at60', { path: at('at60.mkv'), asset: { ...mov, demuxer: 'matroska' } }],
    ['orange', { path: at('orange.png'), asset: image }],
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Scene = {
  readonly frames: number;
  readonly layers: readonly PictureLayer[];
  readonly stills?: readonly PlacedStill[];
  readonly fps?: OutputSpec['fps'];
};

async function render(name: string, scene: Scene, filterThreads = 2): Promise<string> {
  const outputPath = join(folder, `${name}.mp4`);
  await renderPicture(
    { ...tools, filterThreads },
    {
      picture: {
        frames: frames(scene.frames),
        background: { r: 0, g: 0, b: 0, a: 255 },
        layers: scene.layers,
      },
      output: output(scene.fps ?? { num: 30, den: 1 }),
      assets,
      stills: scene.stills ?? [],
      outputPath,
      skipFrames,
      what: `scene ${name}`,
    },
  );
  return outputPath;
}

function video(
  segments: readonly (readonly [number, number])[],
  options: Partial<VideoPicture> = {},
): VideoPicture {
  const count = segments.reduce((sum, [, length]) => sum + length, 0);
  return {
    kind: 'video',
    ...timing,
    frames: frames(count),
    asset: 'at30',
    segments: segments.map(([sourceFrame, length]) => ({
      sourceFrame: frames(sourceFrame),
      frames: frames(length),
    })),
    holdFrames: frames(0),
    framing: whole,
    ...options,
  };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** The mean of one channel of one frame of a film. */
async function pixel(path: string, frame: number, at: readonly [number, number]): Promise<number[]> {
  const bytes = await ffmpeg([
    '-i',
    path,
    '-vf',
    `select=eq(n\\,${frame}),format=rgb24`,
    '-frames:v',
    '1',
    '-f',
    'rawvideo',
    'pipe:1',
  ]);
  const offset = (at[1] * size.width + at[0]) * 3;
  return [...bytes.subarray(offset, offset + 3)];
}

describe('the frames of a video layer', () => {
  it.each([0, 1, 49, 50, 51, 99, 113, 150])('begin at source frame %i exactly', async (from) => {
    const path = await render(`from${from}`, { frames: 20, layers: [video([[from, 20]])] });
    expect(await readCounters(path, size)).toEqual(range(from, from + 20));
  });

  it('repeat as a loop that is written out', async () => {
    const path = await render('loop', {
      frames: 25,
      layers: [
        video([
          [110, 10],
          [110, 10],
          [110, 5],
        ]),
      ],
    });
    expect(await readCounters(path, size)).toEqual([
      ...range(110, 120),
      ...range(110, 120),
      ...range(110, 115),
    ]);
  });

  it('hold the last picture when the source ends', async () => {
    const layer = video([[190, 10]], { frames: frames(15), holdFrames: frames(5) });
    const path = await render('hold', { frames: 15, layers: [layer] });
    expect(await readCounters(path, size)).toEqual([...range(190, 200), 199, 199, 199, 199, 199]);
  });

  it('are the same in parts as in one piece, also from a source of twice the rate', async () => {
    const layer = (first: number, count: number): VideoPicture => video([[first, count]], { asset: 'at60' });
    const one = await readCounters(await render('whole', { frames: 60, layers: [layer(70, 60)] }), size);
    const a = await readCounters(await render('partA', { frames: 23, layers: [layer(70, 23)] }), size);
    const b = await readCounters(await render('partB', { frames: 37, layers: [layer(93, 37)] }), size);
    expect([...a, ...b]).toEqual(one);
    expect(one).toHaveLength(60);
    for (const [index, number] of one.entries())
      expect(Math.abs(number - (70 + index) * 2)).toBeLessThanOrEqual(1);
  });

  it.each([
    { num: 25, den: 1 },
    { num: 7, den: 1 },
    { num: 30_000, den: 1001 },
    { num: 60, den: 1 },
  ])('come at the film rate $num/$den', async (fps) => {
    const path = await render(`rate${fps.num}`, { frames: 21, fps, layers: [video([[2, 21]])] });
    const numbers = await readCounters(path, size);
    expect(numbers).toHaveLength(21);
    // The source frame nearest to each instant: at most half a film frame, and the half of a source frame, away.
    const sourceFrames = (fps.den * 30) / fps.num;
    for (const [index, number] of numbers.entries()) {
      expect(Math.abs(number - (index + 2) * sourceFrames)).toBeLessThanOrEqual(sourceFrames / 2 + 0.5);
    }
  });
});

describe('layers on the canvas', () => {
  it('are visible in their own frames only', async () => {
    const layer = video([[100, 10]], { firstFrame: 5 });
    const numbers = await readCounters(await render('window', { frames: 20, layers: [layer] }), size);
    expect(numbers).toEqual([0, 0, 0, 0, 0, ...range(100, 110), 0, 0, 0, 0, 0]);
  });

  it('lie where their framing says', async () => {
    const framing: Framing = {
      ...whole,
      scaledWidth: 16,
      scaledHeight: 16,
      cut: { x: 0, y: 0, width: 16, height: 16 },
      x: 40,
      y: 20,
    };
    const layer: ImagePicture = {
      kind: 'image',
      ...timing,
      frames: frames(5),
      asset: 'orange',
      framing,
      motion: null,
    };
    const path = await render('place', { frames: 5, layers: [layer] });
    expect(distance(await pixel(path, 4, [48, 28]), [255, 128, 0])).toBeLessThan(12);
    expect(distance(await pixel(path, 4, [36, 28]), [0, 0, 0])).toBeLessThan(12);
    expect(distance(await pixel(path, 4, [48, 40]), [0, 0, 0])).toBeLessThan(12);
  });

  it('fade by whole frames: frame i of n has the opacity i/n', async () => {
    const layer: ImagePicture = {
      kind: 'image',
      ...timing,
      frames: frames(20),
      fadeInFrames: frames(10),
      fadeOutFrames: frames(5),
      asset: 'orange',
      framing: whole,
      motion: null,
    };
    const path = await render('fade', { frames: 20, layers: [layer] });
    for (const [frame, opacity] of [
      [0, 0],
      [5, 0.5],
      [10, 1],
      [15, 1],
      [16, 0.8],
      [19, 0.2],
    ] as const) {
      const [red = 0] = await pixel(path, frame, [32, 32]);
      expect(Math.abs(red - 255 * opacity)).toBeLessThan(9);
    }
  });

  it('go on fading in a later part of the scene', async () => {
    const layer: ImagePicture = {
      kind: 'image',
      ...timing,
      firstFrame: -5,
      frames: frames(30),
      fadeInFrames: frames(10),
      asset: 'orange',
      framing: whole,
      motion: null,
    };
    const path = await render('fade-part', { frames: 20, layers: [layer] });
    const [red = 0] = await pixel(path, 0, [32, 32]);
    expect(Math.abs(red - 127)).toBeLessThan(9);
  });

  it('are laid with their own alpha and opacity', async () => {
    const stillPath = join(folder, 'half.rgba');
    await writeFile(
      stillPath,
      Buffer.from(Array.from({ length: 32 * 32 }, () => [255, 255, 255, 128]).flat()),
    );
    const layer: PictureLayer = {
      kind: 'drawn',
      ...timing,
      opacity: 0.5,
      frames: frames(4),
      drawing: {
        type: 'shape',
        place: { x: 0, y: 0, anchorX: 0, anchorY: 0, rotation: 0, flipH: false, flipV: false },
        width: 32,
        height: 32,
        shape: 'rectangle',
        fill: null,
        border: null,
        radius: 0,
        shadow: null,
      },
    };
    const path = await render('alpha', {
      frames: 4,
      layers: [layer],
      stills: [{ path: stillPath, width: 32, height: 32, x: 8, y: 8 }],
    });
    const [red = 0] = await pixel(path, 2, [20, 20]);
    expect(Math.abs(red - 64)).toBeLessThan(9);
  });

  it('have the colours that the document asks for, in BT.709', async () => {
    const layer: ImagePicture = {
      kind: 'image',
      ...timing,
      frames: frames(2),
      asset: 'orange',
      framing: whole,
      motion: null,
    };
    const path = await render('color', { frames: 2, layers: [layer] });
    const bytes = await ffmpeg([
      '-i',
      path,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      'pipe:1',
    ]);
    // BT.709, limited range, of (255, 128, 0): Y' = 0.2126 + 0.7152 · 0.502 = 0.5717, so Y = 16 + 219 Y' = 141,
    // Cb = 128 − 224 · Y' / 1.8556 = 59, Cr = 128 + 224 · (1 − Y') / 1.5748 = 189.
    expect(Math.abs((bytes[2000] ?? 0) - 141)).toBeLessThan(3);
    expect(Math.abs((bytes[64 * 64 + 500] ?? 0) - 59)).toBeLessThan(3);
    expect(Math.abs((bytes[64 * 64 + 1024 + 500] ?? 0) - 189)).toBeLessThan(3);
  });

  it('move in a Ken Burns layer from the first view to the last', async () => {
    const from = { x: 0, y: 0, width: 1, height: 1 };
    const to = { x: 0.5, y: 0.5, width: 0.5, height: 0.5 };
    const picture = join(folder, 'quarters.png');
    await ffmpeg([
      '-f',
      'lavfi',
      '-i',
      'color=c=black:s=64x64',
      '-f',
      'lavfi',
      '-i',
      'color=c=white:s=32x32',
      '-filter_complex',
      '[0][1]overlay=32:32',
      '-frames:v',
      '1',
      picture,
    ]);
    const entry = assets.get('orange');
    if (entry === undefined) throw new Error('no image');
    assets = new Map([...assets, ['quarters', { ...entry, path: picture }]]);
    const layer: ImagePicture = {
      kind: 'image',
      ...timing,
      frames: frames(31),
      asset: 'quarters',
      framing: whole,
      motion: { from, to, easing: 'linear' },
    };
    const path = await render('move', { frames: 31, layers: [layer] });
    expect((await pixel(path, 0, [28, 28]))[0]).toBeLessThan(20);
    expect((await pixel(path, 0, [36, 36]))[0]).toBeGreaterThan(230);
    expect((await pixel(path, 30, [3, 3]))[0]).toBeGreaterThan(230);
    // Half way the view is 0.25 … 1: the seam at 0.5 lies at one third of the picture.
    expect((await pixel(path, 15, [19, 40]))[0]).toBeLessThan(60);
    expect((await pixel(path, 15, [24, 40]))[0]).toBeGreaterThan(200);
  });
});

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? 0))));
}

it('a picture has the same bytes with any number of filter threads', async () => {
  const framing = { ...whole, scaledWidth: 96, scaledHeight: 96, cut: { x: 16, y: 16, ...size } };
  const scene = { frames: 12, layers: [video([[10, 12]]), video([[40, 12]], { framing, opacity: 0.5 })] };
  const clip = async (threads: number) => readFile(await render(`threads_${threads}`, scene, threads));
  const one = await clip(1);
  for (const threads of [2, 7]) expect((await clip(threads)).equals(one)).toBe(true);
});
