// Slow moves are looked at pixel by pixel, before any encoder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chain, inputVideo } from '../../ffmpeg/filter-graph.ts';
import { moveAcross, oversample } from '../../ffmpeg/ken-burns.ts';
import type { MotionFrames, Size } from '../../ffmpeg/move-steps.ts';
import { printGraph } from '../../ffmpeg/print-graph.ts';
import type { Motion } from '../../plan-compiler/render-plan.ts';
import { ffmpeg } from '../support/frame-counter.ts';

const small: Size = { width: 320, height: 180 };
/** Large enough to be made in strips. */
const large: Size = { width: 1280, height: 722 };

const motion: Motion = {
  from: { x: 0, y: 0, width: 1, height: 1 },
  to: { x: 0.13, y: 0.06, width: 0.8, height: 0.8 },
  easing: 'easeInOut',
};

/** Soft spots, as shares of the picture: their centres tell where a pixel of the picture is seen. */
const spots = [
  { x: 0.3, y: 0.28 },
  { x: 0.55, y: 0.5 },
  { x: 0.78, y: 0.68 },
] as const;
/** In pixels: where brightness changes slowly, its 256 levels tell places less exactly. */
const spotRadius = 6;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-ken-burns-'));
  await Promise.all([small, large].map(drawSpots));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function photo(box: Size): string {
  return join(folder, `spots-${box.width}.png`);
}

async function drawSpots(box: Size): Promise<void> {
  const bells = spots.map(
    ({ x, y }) =>
      `exp(-(pow((X+0.5)/W-${x},2)*${box.width ** 2}+pow((Y+0.5)/H-${y},2)*${box.height ** 2})/${2 * spotRadius ** 2})`,
  );
  const size = `${Math.round(box.width * 1.25)}x${Math.round(box.height * 1.25)}`;
  const picture = `color=black:s=${size},format=gray,geq=lum='200*(${bells.join('+')})'`;
  await ffmpeg(['-f', 'lavfi', '-i', picture, '-frames:v', '1', photo(box)]);
}

/** The brightness of each frame, one after the other. */
async function shown(box: Size, frames: MotionFrames): Promise<readonly Buffer[]> {
  const factor = oversample(motion, box);
  const still = chain(inputVideo(0), [
    ['trim', { end_frame: 1 }],
    ['scale', { w: Math.round(box.width * factor), h: Math.round(box.height * factor) }],
    ['setsar', { sar: 1 }],
    ['format', { pix_fmts: 'yuv420p' }],
  ]);
  const moved = chain(moveAcross(still, { motion, frames, box }), [
    ['settb', { expr: '1/30' }],
    ['setpts', { expr: 'N' }],
    ['format', { pix_fmts: 'gray' }],
  ]);
  const graph = printGraph([moved]);
  const bytes = await ffmpeg([
    ...['-i', photo(box), '-filter_complex', graph.text, '-map', graph.labels.join('')],
    ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ]);
  const size = box.width * box.height;
  return Array.from({ length: bytes.length / size }, (_, index) =>
    bytes.subarray(index * size, index * size + size),
  );
}

/** The centre of a spot in pixels, from the pixels around the place where it is expected. */
function centre(frame: Buffer, box: Size, near: { readonly x: number; readonly y: number }): typeof near {
  const radius = 4 * spotRadius;
  const sums = { weight: 0, x: 0, y: 0 };
  for (let y = Math.round(near.y) - radius; y < Math.round(near.y) + radius; y += 1) {
    for (let x = Math.round(near.x) - radius; x < Math.round(near.x) + radius; x += 1) {
      const weight = Math.max(0, (frame[y * box.width + x] ?? 0) - 24);
      sums.weight += weight;
      sums.x += weight * (x + 0.5);
      sums.y += weight * (y + 0.5);
    }
  }
  return { x: sums.x / sums.weight, y: sums.y / sums.weight };
}

/** Where a spot is to be seen: the motion worked out anew, in exact places. */
function expected(spot: (typeof spots)[number], box: Size, linear: number): { x: number; y: number } {
  const progress = linear < 0.5 ? 4 * linear ** 3 : 1 - 4 * (1 - linear) ** 3;
  const between = (key: 'x' | 'y' | 'width' | 'height'): number =>
    motion.from[key] + (motion.to[key] - motion.from[key]) * progress;
  return {
    x: (box.width * (spot.x - between('x'))) / between('width'),
    y: (box.height * (spot.y - between('y'))) / between('height'),
  };
}

describe('a slow move over a still picture', () => {
  it.each([
    { name: 'a small box', box: small, frames: { first: 0, count: 90, shown: 90 } },
    { name: 'a box in strips', box: large, frames: { first: 40, count: 90, shown: 12 } },
  ])('places the picture to 1/64 pixel in each frame of $name', async ({ box, frames }) => {
    const pictures = await shown(box, frames);
    expect(pictures).toHaveLength(frames.shown);
    for (const [index, picture] of pictures.entries()) {
      for (const spot of spots) {
        const place = expected(spot, box, (frames.first + index) / (frames.count - 1));
        const found = centre(picture, box, place);
        expect(Math.abs(found.x - place.x)).toBeLessThan(1 / 64);
        expect(Math.abs(found.y - place.y)).toBeLessThan(1 / 64);
      }
    }
  });

  it.each([
    { name: 'a small box', box: small, length: 90, cut: 37 },
    { name: 'a box in strips', box: large, length: 14, cut: 5 },
  ])('is the same in parts as in one piece in $name', async ({ box, length, cut }) => {
    const one = await shown(box, { first: 0, count: length, shown: length });
    const before = await shown(box, { first: 0, count: length, shown: cut });
    const after = await shown(box, { first: cut, count: length, shown: length - cut });
    expect(Buffer.concat([...before, ...after]).equals(Buffer.concat([...one]))).toBe(true);
  });
});
