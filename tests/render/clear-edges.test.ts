// Where pictures end in nothing: smooth, and without a line of another colour around what is cut out. White on white shows it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, makeMedia, type TestFolder } from '../support/ffmpeg-tools.ts';
import { createFrameRenderer, type Frame, type FrameRenderer } from '../support/first-frame.ts';
import type { LayerInput } from '../support/layer-input.ts';

const canvas = { width: 160, height: 96 };
let folder: TestFolder;
let renderer: FrameRenderer;

beforeAll(async () => {
  folder = await makeFolder();
  const png = ['-frames:v', '1', '-c:v', 'png', '-f', 'image2'];
  const isDisc = 'lt(hypot(X-200,Y-200),190)';
  const disc = `color=c=black:s=400x400,format=rgba,geq=r='255*${isDisc}':g='255*${isDisc}':b='255*${isDisc}':a='255*${isDisc}'`;
  await makeMedia('-f', 'lavfi', '-i', disc, ...png, folder.path('disc'));
  await makeMedia('-f', 'lavfi', '-i', 'color=c=white:s=120x71,format=rgb24', ...png, folder.path('sheet'));
  const prores = ['-c:v', 'prores_ks', '-profile:v', '4444', '-pix_fmt', 'yuva444p10le', '-f', 'mov'];
  const tenTimes = [
    '-loop',
    '1',
    '-framerate',
    '30',
    '-f',
    'png_pipe',
    '-i',
    folder.path('disc'),
    '-frames:v',
    '10',
  ];
  await makeMedia(...tenTimes, ...prores, folder.path('film'));
  renderer = await createFrameRenderer(folder, ['disc', 'sheet', 'film']);
});
afterAll(async () => {
  await renderer.close();
  await folder.remove();
});

const logo = { type: 'image', src: 'asset:disc', width: 60, height: 60 } as const;
const inward = {
  type: 'ken-burns',
  from: { x: 0.1, y: 0.1, width: 0.8, height: 0.8 },
  to: { x: 0.2, y: 0.2, width: 0.8, height: 0.8 },
} as const;
const sheet = { type: 'image', src: 'asset:sheet', width: 81, height: 45, fit: 'fill' } as const;

describe('white on white', () => {
  const layers: Record<string, LayerInput> = {
    'a logo that is made smaller': logo,
    'a logo that is made smaller and turned': { ...logo, rotation: 33 },
    'a logo that moves': { ...logo, motion: inward },
    'a large logo that moves': { ...logo, width: 96, height: 96, motion: inward },
    'a logo that moves and is turned': { ...logo, rotation: 33, motion: inward },
    'half of a logo': { ...logo, crop: { left: 0.5 }, width: 30 },
    'a video with alpha that is made smaller': { type: 'video', src: 'asset:film', width: 60, height: 60 },
    'a picture that is turned': { ...sheet, rotation: 17 },
    'a picture of even sides that is turned': { ...sheet, width: 80, height: 44, rotation: -50 },
    'a picture that is turned, half see-through': { ...sheet, rotation: 17, opacity: 0.5 },
    'a picture that is turned and mirrored while it moves': {
      ...sheet,
      rotation: 70,
      flipH: true,
      motion: {
        type: 'ken-burns',
        from: { x: 0, y: 0, width: 0.8, height: 0.8 },
        to: { x: 0.2, y: 0.2, width: 0.8, height: 0.8 },
      },
    },
  };
  it.each(Object.entries(layers))('is not seen: %s', async (_, layer) => {
    const scene = { id: 'a', duration: 0.1, backgroundColor: 'white', layers: [layer] };
    const frame = await renderer.firstFrame({ ...canvas, scenes: [scene] }, { crf: 4 });
    expect(darkest(frame)).toBeGreaterThan(244);
  });

  it('is there all the same: on black', async () => {
    const scene = { id: 'a', duration: 0.1, layers: [{ ...logo, rotation: 33 }] };
    const frame = await renderer.firstFrame({ ...canvas, scenes: [scene] }, { crf: 4 });
    expect(Math.min(...frame.at(80, 48))).toBeGreaterThan(250);
    expect(Math.max(...frame.at(80, 12))).toBeLessThan(5);
    const row = Array.from({ length: 60 }, (_, x) => frame.at(50 + x, 48)[0]);
    expect(Math.abs(row.filter((value) => value > 127).length - 57)).toBeLessThanOrEqual(1);
  });
});

function darkest(frame: Frame): number {
  const { width, height } = frame;
  const pixels = Array.from({ length: width * height }, (_, index) =>
    frame.at(index % width, Math.floor(index / width)),
  );
  return Math.min(...pixels.flat());
}
