// A colour of the document is that colour on the screen: within two levels, at the quality that films are encoded with.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, makeMedia, type TestFolder } from '../support/ffmpeg-tools.ts';
import { createFrameRenderer, type FrameRenderer, type Rgb } from '../support/first-frame.ts';
import type { LayerInput } from '../support/layer-input.ts';

const canvas = { width: 160, height: 96 };
const colors = [
  '#ff0000',
  '#00ff00',
  '#0000ff',
  '#ffff00',
  '#00ffff',
  '#ff00ff',
  '#ffffff',
  '#000000',
  '#808080',
  '#ff8040',
  '#123456',
  '#fedcba',
];
/** How a picture of one colour may be stored; what holds no colour is grey. */
const formats: Record<
  string,
  { readonly format: string; readonly codec: readonly string[]; readonly color: string }
> = {
  'PNG-of-8-bits': { format: 'rgb24', codec: ['-c:v', 'png'], color: '#ff8040' },
  'PNG-of-16-bits': { format: 'rgb48be', codec: ['-c:v', 'png'], color: '#ff8040' },
  'PNG-with-alpha': { format: 'rgba', codec: ['-c:v', 'png'], color: '#ff8040' },
  'grey-PNG': { format: 'gray', codec: ['-c:v', 'png'], color: '#808080' },
  'grey-PNG-with-alpha': { format: 'ya8', codec: ['-c:v', 'png'], color: '#808080' },
  JPEG: { format: 'yuvj420p', codec: ['-c:v', 'mjpeg', '-q:v', '1'], color: '#ff8040' },
  'JPEG-without-halved-colours': {
    format: 'yuvj444p',
    codec: ['-c:v', 'mjpeg', '-q:v', '1'],
    color: '#ff8040',
  },
  WebP: { format: 'yuv420p', codec: ['-c:v', 'libwebp', '-quality', '95', '-f', 'webp'], color: '#ff8040' },
  'WebP-without-losses': {
    format: 'bgra',
    codec: ['-c:v', 'libwebp', '-lossless', '1', '-f', 'webp'],
    color: '#ff8040',
  },
};

let folder: TestFolder;
let renderer: FrameRenderer;
beforeAll(async () => {
  folder = await makeFolder();
  for (const [name, { format, codec, color }] of Object.entries(formats)) {
    const range = format.startsWith('yuvj') ? 'pc' : 'tv';
    const convert = `format=gbrp,scale=out_color_matrix=bt601:out_range=${range},format=${format}`;
    const plain = `color=c=0x${color.slice(1)}:s=64x64,${format.startsWith('yuv') ? convert : `format=gbrp,format=${format}`}`;
    await makeMedia(
      '-f',
      'lavfi',
      '-i',
      plain,
      '-frames:v',
      '1',
      '-f',
      'image2',
      ...codec,
      folder.path(name),
    );
  }
  renderer = await createFrameRenderer(folder, Object.keys(formats));
});
afterAll(async () => {
  await renderer.close();
  await folder.remove();
});

describe('a colour', () => {
  it.each(colors)('%s is the same behind all, in a surface, a shape and a letter', async (color) => {
    const layers: LayerInput[] = [
      { type: 'color', color, width: 40, height: 40, x: 100, y: 30 },
      { type: 'shape', shape: 'circle', fill: color, width: 40, height: 40, x: 40, y: 70 },
      { type: 'text', text: '█', color, fontSize: 60, x: 110, y: 70 },
    ];
    const other = { backgroundColor: color === '#808080' ? '#000000' : '#808080' };
    const behind = await renderer.firstFrame({
      ...canvas,
      backgroundColor: color,
      scenes: [{ id: 'a', duration: 0.1, layers: [] }],
    });
    expect(distance(behind.at(80, 48), color)).toBeLessThanOrEqual(2);
    const frame = await renderer.firstFrame({
      ...canvas,
      ...other,
      scenes: [{ id: 'a', duration: 0.1, layers }],
    });
    for (const [x, y] of [
      [100, 30],
      [40, 70],
      [110, 70],
    ] as const)
      expect(distance(frame.at(x, y), color)).toBeLessThanOrEqual(2);
  });

  it.each(Object.entries(formats))('of a source is the same: %s', async (name, { color }) => {
    const scene = { id: 'a', duration: 0.1, layers: [{ type: 'image' as const, src: `asset:${name}` }] };
    expect(
      distance((await renderer.firstFrame({ ...canvas, scenes: [scene] })).at(80, 48), color),
    ).toBeLessThanOrEqual(2);
  });
});

function distance(found: Rgb, color: string): number {
  return Math.max(
    ...found.map((value, at) => Math.abs(value - Number.parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16))),
  );
}
