import { describe, expect, test } from 'vitest';
import { boundsOnCanvas, placeBox, turnVector } from '../../../drawing/place.ts';
import { placeAt } from './drawings.ts';

const boxOf = (width: number, height: number) => ({ left: 0, top: 0, right: width, bottom: height });

test.each([
  ['its top left', { anchorX: 0, anchorY: 0 }, { left: 100, top: 50, right: 140, bottom: 70 }],
  ['its centre', { anchorX: 0.5, anchorY: 0.5 }, { left: 80, top: 40, right: 120, bottom: 60 }],
  ['its bottom right', { anchorX: 1, anchorY: 1 }, { left: 60, top: 30, right: 100, bottom: 50 }],
])('a box is held at %s', (_point, anchor, expected) => {
  const matrix = placeBox(placeAt(100, 50, anchor), { width: 40, height: 20 });
  expect(boundsOnCanvas(matrix, boxOf(40, 20))).toEqual(expected);
});

describe('an upright box lies on whole pixels', () => {
  test.each([0, 90, 180, 270, -90, 3600])('turned by %i°', (rotation) => {
    const matrix = placeBox(placeAt(10.4, 7.7, { anchorX: 0.5, anchorY: 0.5, rotation }), {
      width: 31,
      height: 20,
    });
    const { left, top, right, bottom } = boundsOnCanvas(matrix, boxOf(31, 20));
    expect([left, top, right, bottom].map((edge) => edge - Math.round(edge))).toEqual([0, 0, 0, 0]);
  });
});

test('rotation is clockwise about the centre', () => {
  const matrix = placeBox(placeAt(0, 0, { rotation: 90 }), { width: 40, height: 20 });
  expect(boundsOnCanvas(matrix, boxOf(40, 20))).toEqual({ left: 10, top: -10, right: 30, bottom: 30 });
  // The box's top left corner comes to the top right.
  expect(boundsOnCanvas(matrix, { left: 0, top: 0, right: 1, bottom: 1 })).toEqual({
    left: 29,
    top: -10,
    right: 30,
    bottom: -9,
  });
});

test('a flip mirrors the box in place, before it is turned', () => {
  const matrix = placeBox(placeAt(0, 0, { flipH: true, rotation: 90 }), { width: 40, height: 20 });
  expect(boundsOnCanvas(matrix, { left: 0, top: 0, right: 1, bottom: 1 })).toEqual({
    left: 29,
    top: 29,
    right: 30,
    bottom: 30,
  });
});

test('a direction turns and flips with the box', () => {
  const matrix = placeBox(placeAt(500, 500, { flipV: true, rotation: 180 }), { width: 4, height: 4 });
  const turned = turnVector(matrix, { x: 3, y: 5 });
  expect(turned.x).toBeCloseTo(-3);
  expect(turned.y).toBeCloseTo(5);
});
