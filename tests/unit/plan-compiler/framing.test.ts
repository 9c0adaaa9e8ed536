import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameSource, isOffCanvas } from '../../../plan-compiler/framing.ts';
import { createIssueLog } from '../../../plan-compiler/issue-log.ts';
import type { Framing } from '../../../plan-compiler/render-plan.ts';

const box = { left: 0, top: 0, width: 160, height: 90 };
type Layer = Parameters<typeof frameSource>[0]['layer'];

function frame(layer: Partial<Layer>, source = { width: 400, height: 300 }, at = box) {
  const log = createIssueLog();
  const plain: Layer = {
    fit: 'cover',
    crop: undefined,
    focus: [0.5, 0.5],
    flipH: false,
    flipV: false,
    rotation: 0,
  };
  const framing = frameSource({ layer: { ...plain, ...layer }, source, box: at, path: 'layer' }, log);
  return { framing: framing as Framing, issues: log.list() };
}

describe('object-fit', () => {
  test('cover fills the box and cuts what stands out evenly', () => {
    expect(frame({ fit: 'cover' }).framing).toMatchObject({
      scaledWidth: 160,
      scaledHeight: 120,
      cut: { x: 0, y: 15, width: 160, height: 90 },
      x: 0,
      y: 0,
    });
  });

  test('focus decides what cover keeps', () => {
    expect(frame({ fit: 'cover', focus: [0.5, 0] }).framing.cut.y).toBe(0);
    expect(frame({ fit: 'cover', focus: [0.5, 1] }).framing.cut.y).toBe(30);
  });

  test('contain shows all of the source within the box', () => {
    expect(frame({ fit: 'contain' }).framing).toMatchObject({
      scaledWidth: 120,
      scaledHeight: 90,
      cut: { x: 0, y: 0, width: 120, height: 90 },
      x: 20,
    });
    expect(frame({ fit: 'contain', focus: [1, 0.5] }).framing.x).toBe(40);
  });

  test('fill stretches', () => {
    expect(frame({ fit: 'fill' }).framing).toMatchObject({ scaledWidth: 160, scaledHeight: 90 });
  });

  test('none keeps the size of the source', () => {
    expect(frame({ fit: 'none' }).framing).toMatchObject({
      scaledWidth: 400,
      cut: { x: 120, y: 105, width: 160, height: 90 },
    });
    expect(frame({ fit: 'none' }, { width: 100, height: 50 }).framing).toMatchObject({
      x: 30,
      y: 20,
      scaledWidth: 100,
    });
  });

  test('scale-down never enlarges', () => {
    expect(frame({ fit: 'scale-down' }).framing).toMatchObject({ scaledWidth: 120, scaledHeight: 90 });
    expect(frame({ fit: 'scale-down' }, { width: 100, height: 50 }).framing).toMatchObject({
      scaledWidth: 100,
    });
  });

  test('all that is cut lies within what was scaled, which lies within bounds', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    const fits = fc.constantFrom<Layer['fit']>('cover', 'contain', 'fill', 'none', 'scale-down');
    fc.assert(
      fc.property(
        fits,
        side,
        side,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (fit, width, height, focus) => {
          const { framing, issues } = frame({ fit, focus: [focus, focus] }, { width, height });
          if (issues.length > 0) return;
          const { cut, scaledWidth, scaledHeight, x, y } = framing;
          expect(cut.x >= 0 && cut.y >= 0 && cut.width >= 1 && cut.height >= 1).toBe(true);
          expect(cut.x + cut.width).toBeLessThanOrEqual(scaledWidth);
          expect(cut.y + cut.height).toBeLessThanOrEqual(scaledHeight);
          expect(x >= 0 && y >= 0 && x + cut.width <= 160 && y + cut.height <= 90).toBe(true);
        },
      ),
    );
  });

  test('a source that would be scaled beyond all measure is reported', () => {
    expect(frame({ fit: 'cover' }, { width: 1, height: 5000 }).issues[0]?.code).toBe('scaled-too-large');
  });
});

describe('crop', () => {
  test('is cut off the source before it is fitted', () => {
    const crop = { left: 0.25, right: 0.25, top: 0, bottom: 0.5 };
    expect(frame({ fit: 'fill', crop }).framing.crop).toEqual({ x: 100, y: 0, width: 200, height: 150 });
  });

  test('that leaves nothing is reported', () => {
    const { issues } = frame({ crop: { left: 0.6, right: 0.4, top: 0, bottom: 0 } });
    expect(issues).toMatchObject([{ code: 'crop-leaves-nothing', path: 'layer.crop' }]);
  });
});

describe('rotation and flips', () => {
  test('no turn is no rotation, and half a turn is two flips', () => {
    expect(frame({ rotation: 360 }).framing).toMatchObject({ rotated: null, flipH: false });
    expect(frame({ rotation: -180, flipH: true }).framing).toMatchObject({
      rotated: null,
      flipH: false,
      flipV: true,
    });
  });

  test('a turned picture stays centred on its box', () => {
    const { framing } = frame({ rotation: 90, fit: 'fill' });
    expect(framing.rotated).toEqual({ degrees: 90, width: 92, height: 162 });
    expect([framing.x + 46, framing.y + 81]).toEqual([80, 45]);
  });

  test('a picture that lies aside in its box turns about the middle of the box', () => {
    const { framing } = frame({ rotation: 90, fit: 'contain', focus: [1, 0.5] });
    const { width, height } = framing.rotated!;
    expect([framing.x + width / 2, framing.y + height / 2]).toEqual([80, 65]);
  });

  test('a flip mirrors the whole box', () => {
    expect(frame({ fit: 'contain', focus: [1, 0.5], flipH: true }).framing).toMatchObject({
      x: 0,
      flipH: true,
    });
  });
});

describe('pictures beside the canvas', () => {
  test('are known', () => {
    const canvas = { width: 160, height: 90 };
    expect(isOffCanvas(frame({}, undefined, { ...box, left: 160 }).framing, canvas)).toBe(true);
    expect(isOffCanvas(frame({}, undefined, { ...box, left: 159 }).framing, canvas)).toBe(false);
    expect(isOffCanvas(frame({}, undefined, { ...box, top: -90 }).framing, canvas)).toBe(true);
  });
});
