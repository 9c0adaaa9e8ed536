import { describe, expect, test } from 'vitest';
import type { Paint } from '../../../plan-compiler/render-plan.ts';
import { useDrawer } from './drawing-room.ts';
import { black, blue, clear, green, placeAt, red, shapeOf, white } from './drawings.ts';

const { draw } = useDrawer();
const anyInk = ([, , , a]: readonly number[]) => (a ?? 0) > 0;

describe('a rectangle', () => {
  test('fills its box and the still is no larger', async () => {
    const still = await draw(shapeOf());
    expect(still).toMatchObject({ x: 10, y: 20, width: 40, height: 20 });
    expect(still.bytes.equals(Buffer.alloc(40 * 20 * 4, Buffer.from([255, 0, 0, 255])))).toBe(true);
  });

  test('has straight colour, not premultiplied', async () => {
    const still = await draw(shapeOf({ fill: { type: 'solid', color: { r: 255, g: 128, b: 0, a: 128 } } }));
    const [r, g, b, a] = still.at(30, 30);
    expect(a).toBe(128);
    expect(r).toBe(255);
    expect(Math.abs(g - 128)).toBeLessThanOrEqual(1);
    expect(b).toBe(0);
  });

  test('keeps sharp edges between pixels', async () => {
    const still = await draw(shapeOf({ place: placeAt(10.4, 20.6), width: 39.7 }));
    expect(still).toMatchObject({ x: 10, y: 21, width: 40, height: 20 });
    expect(still.at(10, 21)).toEqual([255, 0, 0, 255]);
  });

  test('has rounded corners of its radius', async () => {
    const still = await draw(shapeOf({ radius: 10 }));
    expect(still.at(11, 21)[3]).toBe(0);
    expect(still.at(13, 23)[3]).toBe(255);
    expect(still.at(20, 20)[3]).toBe(255);
  });

  test('has its border inside the box', async () => {
    const still = await draw(shapeOf({ border: { width: 4, color: blue } }));
    expect(still).toMatchObject({ width: 40, height: 20 });
    expect(still.at(10, 20)).toEqual([0, 0, 255, 255]);
    expect(still.at(13, 30)).toEqual([0, 0, 255, 255]);
    expect(still.at(14, 30)).toEqual([255, 0, 0, 255]);
  });

  test('may be a border alone', async () => {
    const still = await draw(shapeOf({ fill: null, border: { width: 4, color: blue } }));
    expect(still.at(12, 30)).toEqual([0, 0, 255, 255]);
    expect(still.at(30, 30)).toEqual([0, 0, 0, 0]);
  });

  test('is covered by a border wider than itself', async () => {
    const still = await draw(shapeOf({ border: { width: 200, color: blue } }));
    expect(still.boundsWhere(([r]) => r > 0)).toBeNull();
    expect(still.at(30, 30)).toEqual([0, 0, 255, 255]);
  });

  test('shows no fill around an opaque round border', async () => {
    const still = await draw(shapeOf({ radius: 10, border: { width: 6, color: blue } }));
    // A pixel inside of the border's inner edge is the first that may be red.
    expect(still.boundsWhere(([r]) => r > 0)).toEqual({ left: 16, top: 26, right: 44, bottom: 34 });
  });
});

describe('a circle', () => {
  test('is the ellipse that fills the box', async () => {
    const still = await draw(shapeOf({ shape: 'circle' }));
    expect(still).toMatchObject({ x: 10, y: 20, width: 40, height: 20 });
    expect(still.at(30, 30)).toEqual([255, 0, 0, 255]);
    expect(still.at(13, 22)[3]).toBe(0);
    expect(still.at(30, 21)[3]).toBe(255);
    const covered = still.bytes.filter((value, index) => index % 4 === 3 && value > 127).length;
    expect(covered / (Math.PI * 20 * 10)).toBeCloseTo(1, 1);
  });

  test('has a border of one width all around', async () => {
    const still = await draw(
      shapeOf({ shape: 'circle', width: 40, height: 40, border: { width: 5, color: blue } }),
    );
    const isBorder = ([r, , b, a]: readonly number[]) => a === 255 && b === 255 && r === 0;
    expect(isBorder(still.at(12, 40))).toBe(true);
    expect(isBorder(still.at(30, 22))).toBe(true);
    expect(still.at(16, 40)).toEqual([255, 0, 0, 255]);
    expect(still.at(30, 26)).toEqual([255, 0, 0, 255]);
  });
});

describe('rotation', () => {
  test('turns clockwise about the centre', async () => {
    const gradient: Paint = {
      type: 'linear',
      angle: 90,
      stops: [
        { at: 0, color: red },
        { at: 1, color: blue },
      ],
    };
    const still = await draw(shapeOf({ fill: gradient, place: placeAt(10, 20, { rotation: 90 }) }));
    expect(still).toMatchObject({ x: 20, y: 10, width: 20, height: 40 });
    const top = still.at(30, 10);
    const bottom = still.at(30, 49);
    expect(top[0]).toBeGreaterThan(240);
    expect(bottom[2]).toBeGreaterThan(240);
  });

  test('moves the corners and smooths the edges', async () => {
    const still = await draw(
      shapeOf({
        width: 40,
        height: 40,
        place: placeAt(100, 100, { rotation: 45, anchorX: 0.5, anchorY: 0.5 }),
      }),
    );
    const half = Math.SQRT2 * 20;
    expect(still).toMatchObject({ x: Math.floor(100 - half), y: Math.floor(100 - half) });
    expect(still.width).toBe(Math.ceil(100 + half) - Math.floor(100 - half));
    expect(still.at(82, 82)[3]).toBe(0);
    expect(still.at(100, 74)[3]).toBe(255);
    const smooth = still.bytes.filter((value, index) => index % 4 === 3 && value > 0 && value < 255);
    expect(smooth.length).toBeGreaterThan(40);
  });
});

describe('a shadow', () => {
  test('lies under the shape at its offset, and the still holds it', async () => {
    const still = await draw(shapeOf({ shadow: { x: 10, y: 5, blur: 0, color: blue } }));
    expect(still).toMatchObject({ x: 10, y: 20, width: 50, height: 25 });
    expect(still.at(30, 30)).toEqual([255, 0, 0, 255]);
    expect(still.at(55, 42)).toEqual([0, 0, 255, 255]);
    expect(still.at(15, 42)).toEqual([0, 0, 0, 0]);
  });

  test('turns and flips with the shape', async () => {
    const shadow = { x: 10, y: 0, blur: 0, color: blue };
    const turned = await draw(
      shapeOf({ shadow, width: 20, height: 20, place: placeAt(50, 50, { rotation: 90 }) }),
    );
    expect(turned.at(60, 75)).toEqual([0, 0, 255, 255]);
    const flipped = await draw(shapeOf({ shadow, place: placeAt(50, 50, { flipH: true }) }));
    expect(flipped.at(45, 60)).toEqual([0, 0, 255, 255]);
  });

  test('is half as strong at its edge, and gone one and a half blurs away', async () => {
    const still = await draw(
      shapeOf({
        place: placeAt(100, 100),
        width: 100,
        height: 100,
        fill: { type: 'solid', color: white },
        shadow: { x: 0, y: 100, blur: 20, color: black },
      }),
    );
    expect(still.at(150, 299)[3]).toBeGreaterThan(118);
    expect(still.at(150, 299)[3]).toBeLessThan(138);
    // One standard deviation is half the blur: 16 % are left there.
    expect(Math.abs(still.at(150, 310)[3] - 0.16 * 255)).toBeLessThan(8);
    const { bottom } = still.boundsWhere(anyInk) ?? { bottom: 0 };
    expect(bottom).toBeGreaterThan(315);
    expect(bottom).toBeLessThanOrEqual(332);
  });

  test('falls into view from a shape that is out of it', async () => {
    const shadow = { x: 30, y: 0, blur: 0, color: green };
    const still = await draw(shapeOf({ place: placeAt(-45, 20), shadow }));
    expect(still).toMatchObject({ x: 0, y: 20, width: 25, height: 20 });
    expect(still.at(10, 30)).toEqual([0, 255, 0, 255]);
  });
});

describe('a gradient', () => {
  const stops = [
    { at: 0, color: red },
    { at: 1, color: blue },
  ];
  const corners = {
    topLeft: [10, 20],
    topRight: [109, 20],
    bottomLeft: [10, 119],
    bottomRight: [109, 119],
  } satisfies Record<string, [number, number]>;

  test.each([
    [0, 'bottomLeft', 'topLeft'],
    [90, 'topLeft', 'topRight'],
    [180, 'topLeft', 'bottomLeft'],
    [270, 'topRight', 'topLeft'],
    [45, 'bottomLeft', 'topRight'],
    [-225, 'topLeft', 'bottomRight'],
  ] as const)('of %i° goes from %s to %s', async (angle, from, to) => {
    const fill: Paint = { type: 'linear', angle, stops };
    const still = await draw(shapeOf({ width: 100, height: 100, fill }));
    const [r] = still.at(...corners[from]);
    const [, , b] = still.at(...corners[to]);
    expect(r).toBeGreaterThan(250);
    expect(b).toBeGreaterThan(250);
  });

  test('ends in the corners of a wide box', async () => {
    const still = await draw(shapeOf({ width: 200, height: 50, fill: { type: 'linear', angle: 45, stops } }));
    expect(still.at(10, 69)[0]).toBeGreaterThan(250);
    expect(still.at(209, 20)[2]).toBeGreaterThan(250);
    expect(Math.abs(still.at(110, 45)[0] - 128)).toBeLessThan(3);
  });

  test('that is radial ends at a circle’s edge and in a rectangle’s corners', async () => {
    const fill: Paint = { type: 'radial', angle: 0, stops };
    const circle = await draw(shapeOf({ shape: 'circle', width: 100, height: 60, fill }));
    expect(circle.at(60, 50)[0]).toBeGreaterThan(245);
    expect(circle.at(12, 50)[2]).toBeGreaterThan(240);
    const rectangle = await draw(shapeOf({ width: 100, height: 60, fill }));
    expect(rectangle.at(10, 20)[2]).toBeGreaterThan(250);
    expect(Math.abs(rectangle.at(10, 50)[2] - 255 / Math.SQRT2)).toBeLessThan(8);
  });

  test('to a clear stop fades without going grey', async () => {
    const fade = [
      { at: 0, color: red },
      { at: 1, color: clear },
    ];
    const still = await draw(shapeOf({ width: 100, fill: { type: 'linear', angle: 90, stops: fade } }));
    const [r, g, b, a] = still.at(60, 30);
    expect([r, g, b]).toEqual([255, 0, 0]);
    expect(Math.abs(a - 127)).toBeLessThan(3);
  });

  test('whose stops go back holds the place it has reached', async () => {
    const back = [
      { at: 0, color: red },
      { at: 0.8, color: blue },
      { at: 0.2, color: green },
    ];
    const still = await draw(shapeOf({ width: 100, fill: { type: 'linear', angle: 90, stops: back } }));
    expect(still.at(100, 30)).toEqual([0, 255, 0, 255]);
    expect(still.at(50, 30)[1]).toBe(0);
  });
});

describe('bounds', () => {
  test('a shape far larger than any canvas is cut to what can be seen', async () => {
    const still = await draw(shapeOf({ place: placeAt(-30_000, 20), width: 32_768, height: 4 }));
    expect(still).toMatchObject({ x: 0, y: 20, width: 2768, height: 4 });
  });

  test('a shape out of view is one clear pixel', async () => {
    const still = await draw(shapeOf({ place: placeAt(-500, 20) }));
    expect(still).toMatchObject({ x: 0, y: 0, width: 1, height: 1 });
    expect([...still.bytes]).toEqual([0, 0, 0, 0]);
  });

  test('more pixels than may be drawn at once are refused', async () => {
    const huge = shapeOf({
      place: placeAt(0, 0),
      width: 32_000,
      height: 32_000,
      shadow: { x: 9, y: 9, blur: 9, color: black },
    });
    await expect(draw(huge)).rejects.toMatchObject({ code: 'VALIDATION_ERROR', retryable: false });
  });
});
