import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anchorPoint,
  layerBox,
  normalDegrees,
  pixelsOf,
  rotatedBounds,
  turnPoint,
} from '../../../plan-compiler/geometry.ts';
import { createIssueLog } from '../../../plan-compiler/issue-log.ts';

const canvas = { width: 160, height: 90 };
const centred = { x: '50%', y: '50%', anchor: 'center', width: '100%', height: '100%' } as const;

function boxOf(layer: Partial<Parameters<typeof layerBox>[0]>) {
  const log = createIssueLog();
  return { box: layerBox({ ...centred, ...layer }, canvas, { path: 'layer', log }), issues: log.list() };
}

describe('lengths', () => {
  test('are pixels or shares of the canvas axis', () => {
    expect(pixelsOf(12.5, 160)).toBe(12.5);
    expect(pixelsOf('50%', 160)).toBe(80);
    expect(pixelsOf('-12.5%', 160)).toBe(-20);
    expect(pixelsOf('33.333333%', 90)).toBe(30);
  });
});

describe('a layer box', () => {
  test('fills the canvas by default', () => {
    expect(boxOf({}).box).toEqual({ left: 0, top: 0, width: 160, height: 90 });
  });

  test('hangs on its anchor', () => {
    expect(boxOf({ x: 10, y: 20, anchor: 'top-left', width: 30, height: 40 }).box).toMatchObject({
      left: 10,
      top: 20,
    });
    expect(boxOf({ x: '100%', y: '100%', anchor: [1, 1], width: 30, height: 40 }).box).toMatchObject({
      left: 130,
      top: 50,
    });
  });

  test('has at least one pixel a side', () => {
    expect(boxOf({ width: 0.2, height: '0.1%' }).box).toMatchObject({ width: 1, height: 1 });
  });

  test('that is empty or far too large is reported', () => {
    const { issues } = boxOf({ width: 0, height: '99999%' });
    expect(issues.map(({ path }) => path)).toEqual(['layer.width', 'layer.height']);
  });
});

describe('anchors', () => {
  test('have nine names', () => {
    const points = (
      [
        'top-left',
        'top',
        'top-right',
        'left',
        'center',
        'right',
        'bottom-left',
        'bottom',
        'bottom-right',
      ] as const
    ).map((name) => anchorPoint(name));
    const expected = [0, 0.5, 1].flatMap((y) => [0, 0.5, 1].map((x) => ({ x, y })));
    expect(points).toEqual(expected);
  });
});

describe('rotation', () => {
  test('angles are brought within one turn', () => {
    expect([450, -90, 360, -720, 0].map(normalDegrees)).toEqual([90, 270, 0, 0, 0]);
    expect(Object.is(normalDegrees(-360), 0)).toBe(true);
  });

  test('is clockwise where y grows downwards', () => {
    expect(turnPoint({ x: 1, y: 0 }, { x: 0, y: 0 }, 90)).toEqual({ x: 0, y: 1 });
  });

  test('a quarter turn swaps the sides and adds only the margin', () => {
    expect(rotatedBounds({ width: 100, height: 40 }, 90)).toEqual({ width: 42, height: 102 });
  });

  test('the bounds are even and hold every corner', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 1, max: 4000 }),
        fc.float({ min: 0, max: 360, noNaN: true }),
        (width, height, degrees) => {
          const bounds = rotatedBounds({ width, height }, degrees);
          const corners = [-0.5, 0.5].flatMap((x) =>
            [-0.5, 0.5].map((y) => turnPoint({ x: x * width, y: y * height }, { x: 0, y: 0 }, degrees)),
          );
          expect([bounds.width % 2, bounds.height % 2]).toEqual([0, 0]);
          for (const corner of corners) {
            expect(Math.abs(corner.x)).toBeLessThanOrEqual(bounds.width / 2);
            expect(Math.abs(corner.y)).toBeLessThanOrEqual(bounds.height / 2);
          }
        },
      ),
    );
  });
});
