import { describe, expect, test } from 'vitest';
import { fadeColor, parseColor, readColor, readOpaqueColor } from '../../../plan-compiler/color.ts';
import { cssColors } from '../../../plan-compiler/color-names.ts';
import { createIssueLog } from '../../../plan-compiler/issue-log.ts';

describe('colours', () => {
  test('are read from three, six and eight digits', () => {
    expect(parseColor('#1aF')).toEqual({ r: 0x11, g: 0xaa, b: 0xff, a: 255 });
    expect(parseColor('#102030')).toEqual({ r: 16, g: 32, b: 48, a: 255 });
    expect(parseColor('#10203040')).toEqual({ r: 16, g: 32, b: 48, a: 64 });
  });

  test('have 148 names, whatever their case', () => {
    expect(Object.keys(cssColors)).toHaveLength(148);
    expect(parseColor('RebeccaPurple')).toEqual({ r: 0x66, g: 0x33, b: 0x99, a: 255 });
    expect(parseColor('transparent')).toEqual({ r: 0, g: 0, b: 0, a: 0 });
  });

  test('by the names of object methods are unknown', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__'])
      expect(parseColor(name)).toBeNull();
  });

  test('unknown ones are reported with the nearest name', () => {
    const log = createIssueLog();
    readColor('tomatoe', 'layer.color', log);
    expect(log.list()).toMatchObject([
      { code: 'unknown-color', path: 'layer.color', hint: 'Did you mean "tomato"?' },
    ]);
  });

  test('behind everything must be opaque', () => {
    const log = createIssueLog();
    expect(readOpaqueColor('#ffffff80', 'movie.backgroundColor', log)).toEqual({
      r: 255,
      g: 255,
      b: 255,
      a: 255,
    });
    expect(log.list()).toMatchObject([{ code: 'background-not-opaque' }]);
  });

  test('fade with an opacity', () => {
    expect(fadeColor({ r: 1, g: 2, b: 3, a: 128 }, 0.5)).toEqual({ r: 1, g: 2, b: 3, a: 64 });
  });
});
