// Every way to place a picture, in any combination, against a second reckoning: from a pixel of the film back to the pixel of
// the source that CSS would show there, without the compiler, without FFmpeg.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, makeMedia, type TestFolder } from '../support/ffmpeg-tools.ts';
import { createFrameRenderer, type Frame, type FrameRenderer, type Rgb } from '../support/first-frame.ts';
import type { LayerInput } from '../support/layer-input.ts';

type ImageInput = Extract<LayerInput, { type: 'image' }>;
type Size = { readonly width: number; readonly height: number };
type Point = { readonly x: number; readonly y: number };
type Rect = Point & Size;

const canvas: Size = { width: 160, height: 96 };
const source: Size = { width: 120, height: 80 };
const background: Rgb = [64, 64, 64];
const quarters: readonly Rgb[] = [
  [224, 0, 0],
  [0, 176, 0],
  [0, 0, 240],
  [240, 224, 0],
];

/** A layer with all that places it written out, in pixels. */
type Placed = {
  readonly box: Rect;
  readonly fit: 'cover' | 'contain' | 'fill' | 'none' | 'scale-down';
  readonly focus: Point;
  readonly crop: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly flipH: boolean;
  readonly flipV: boolean;
  readonly rotation: number;
  readonly opacity: number;
  /** What the first frame shows of the fitted picture; null: the layer does not move. */
  readonly view: Rect | null;
};

const whole: Rect = { x: 0, y: 0, width: 1, height: 1 };
let folder: TestFolder;
let renderer: FrameRenderer;

beforeAll(async () => {
  folder = await makeFolder();
  const colors = quarters.map(
    (color) => `0x${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`,
  );
  const inputs = colors.flatMap((color) => ['-f', 'lavfi', '-i', `color=c=${color}:s=60x40,format=gbrp`]);
  const graph = '[0][1]hstack[above];[2][3]hstack[below];[above][below]vstack,format=rgb24';
  await makeMedia(
    ...inputs,
    '-filter_complex',
    graph,
    '-frames:v',
    '1',
    '-c:v',
    'png',
    '-f',
    'image2',
    folder.path('quarters'),
  );
  renderer = await createFrameRenderer(folder, ['quarters']);
});
afterAll(async () => {
  await renderer.close();
  await folder.remove();
});

async function render(placed: Placed, anchor: Point): Promise<Frame> {
  const scene = { id: 'a', duration: 0.1, layers: [layerOf(placed, anchor)] };
  return await renderer.firstFrame({ ...canvas, backgroundColor: '#404040', scenes: [scene] }, { crf: 4 });
}

function layerOf({ box, view, focus, ...rest }: Placed, anchor: Point): ImageInput {
  const moves = view === null ? {} : { motion: { type: 'ken-burns' as const, from: view, to: whole } };
  return {
    type: 'image',
    src: 'asset:quarters',
    width: box.width,
    height: box.height,
    x: box.x + anchor.x * box.width,
    y: box.y + anchor.y * box.height,
    anchor: [anchor.x, anchor.y],
    focus: [focus.x, focus.y],
    ...rest,
    ...moves,
  };
}

/** The colour that a pixel has by CSS; null where an edge is too near to say. */
function expectedAt(pixel: Point, placed: Placed): Rgb | null {
  const reach = [-margin, 0, margin];
  const near = reach.flatMap((dx) =>
    reach.map((dy) => quarterAt({ x: pixel.x + 0.5 + dx, y: pixel.y + 0.5 + dy }, placed)),
  );
  const [first] = near;
  if (first === undefined || near.some((quarter) => quarter !== first)) return null;
  const color = quarters[first];
  return color === undefined ? background : mix(color, placed.opacity);
}

/** Pixels around an edge that smoothing, rounding to whole pixels and halved chroma may touch. */
const margin = 4;

/** Scaling overshoots near edges, and half-opaque colours are rounded; the quarters differ by far more. */
const tolerance = 40;

function mix(color: Rgb, opacity: number): Rgb {
  const at = (index: 0 | 1 | 2): number => color[index] * opacity + background[index] * (1 - opacity);
  return [at(0), at(1), at(2)];
}

/** Which quarter of the source is seen at a point of the canvas; -1: none. */
function quarterAt(point: Point, placed: Placed): number {
  const { box, crop, focus } = placed;
  const left = crop.left * source.width;
  const top = crop.top * source.height;
  const kept = {
    width: (1 - crop.right) * source.width - left,
    height: (1 - crop.bottom) * source.height - top,
  };
  const drawn = fitted(placed.fit, kept, box);
  const offset = { x: (box.width - drawn.width) * focus.x, y: (box.height - drawn.height) * focus.y };
  const shown = intersect({ ...offset, ...drawn }, { x: 0, y: 0, width: box.width, height: box.height });
  const inBox = throughView(uprightInBox(point, placed), shown, placed.view ?? whole);
  if (inBox === null) return -1;
  const x = ((inBox.x - offset.x) / drawn.width) * kept.width + left;
  const y = ((inBox.y - offset.y) / drawn.height) * kept.height + top;
  return (y < source.height / 2 ? 0 : 2) + (x < source.width / 2 ? 0 : 1);
}

/** Back through rotation and flips, to the pixels of the layer's own box. */
function uprightInBox(point: Point, { box, rotation, flipH, flipV }: Placed): Point {
  const radians = (-rotation * Math.PI) / 180;
  const x = point.x - (box.x + box.width / 2);
  const y = point.y - (box.y + box.height / 2);
  const turned = {
    x: x * Math.cos(radians) - y * Math.sin(radians),
    y: x * Math.sin(radians) + y * Math.cos(radians),
  };
  return {
    x: box.width / 2 + (flipH ? -turned.x : turned.x),
    y: box.height / 2 + (flipV ? -turned.y : turned.y),
  };
}

/** Where in the fitted picture a point of the box looks; null beside what is shown. */
function throughView(point: Point, shown: Rect, view: Rect): Point | null {
  const across = (point.x - shown.x) / shown.width;
  const down = (point.y - shown.y) / shown.height;
  if (across < 0 || across > 1 || down < 0 || down > 1) return null;
  return {
    x: shown.x + (view.x + across * view.width) * shown.width,
    y: shown.y + (view.y + down * view.height) * shown.height,
  };
}

function fitted(fit: Placed['fit'], kept: Size, box: Size): Size {
  const factors = { x: box.width / kept.width, y: box.height / kept.height };
  const scales = {
    fill: factors,
    none: { x: 1, y: 1 },
    cover: both(Math.max(factors.x, factors.y)),
    contain: both(Math.min(factors.x, factors.y)),
    'scale-down': both(Math.min(factors.x, factors.y, 1)),
  };
  return { width: kept.width * scales[fit].x, height: kept.height * scales[fit].y };
}

function both(factor: number): Point {
  return { x: factor, y: factor };
}

function intersect(a: Rect, b: Rect): Rect {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.min(a.x + a.width, b.x + b.width) - x,
    height: Math.min(a.y + a.height, b.y + b.height) - y,
  };
}

const placedLayer: fc.Arbitrary<Placed> = fc.record({
  box: fc.record({
    x: fc.integer({ min: -30, max: 90 }),
    y: fc.integer({ min: -20, max: 50 }),
    width: fc.integer({ min: 40, max: 150 }),
    height: fc.integer({ min: 40, max: 110 }),
  }),
  fit: fc.constantFrom('cover', 'contain', 'fill', 'none', 'scale-down'),
  focus: fc.record({ x: fc.constantFrom(0, 0.5, 0.8, 1), y: fc.constantFrom(0, 0.5, 1) }),
  crop: fc.record({
    top: fc.constantFrom(0, 0.25),
    right: fc.constantFrom(0, 0.1),
    bottom: fc.constantFrom(0, 0.2),
    left: fc.constantFrom(0, 0.4),
  }),
  flipH: fc.boolean(),
  flipV: fc.boolean(),
  rotation: fc.constantFrom(0, 0, 90, 180, 270, 33, -71.5, 400),
  opacity: fc.constantFrom(1, 1, 0.5),
  view: fc.constantFrom(
    null,
    null,
    { x: 0.1, y: 0.2, width: 0.6, height: 0.6 },
    { x: 0.4, y: 0, width: 0.5, height: 0.7 },
  ),
});

describe('a picture', () => {
  const anchors = [0, 0.5, 1].map((at) => ({ x: at, y: 1 - at }));
  const cases = fc.sample(placedLayer, { numRuns: 24, seed: 20 });

  it.each(cases.map((placed, index) => ({ placed, index })))(
    'lies where the document says: $index, $placed.fit, turned by $placed.rotation',
    async ({ placed, index }) => {
      const frame = await render(placed, anchors[index % anchors.length]!);
      const wrong: unknown[] = [];
      let looked = 0;
      for (let at = 0; at < canvas.width * canvas.height; at += 1) {
        const pixel = { x: at % canvas.width, y: Math.floor(at / canvas.width) };
        const wanted = expectedAt(pixel, placed);
        if (wanted === null) continue;
        looked += 1;
        const found = frame.at(pixel.x, pixel.y);
        if (wanted.some((value, channel) => Math.abs(value - found[channel]!) > tolerance))
          wrong.push({ pixel, wanted, found });
      }
      expect(wrong.slice(0, 5)).toEqual([]);
      expect(looked).toBeGreaterThan(5_000);
    },
  );
});
