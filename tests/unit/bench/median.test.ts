import { describe, expect, it } from 'vitest';
import { medianBy } from '../../../bench/median.ts';

const same = (value: number): number => value;

describe('the median', () => {
  it('is the one in the middle, whatever the order', () => {
    expect(medianBy([5, 1, 3], same)).toBe(3);
  });

  it('of an even count is the larger, so that no ratio is flattered', () => {
    expect(medianBy([4, 1, 2, 3], same)).toBe(3);
  });

  it('keeps the whole item, and the order of the list', () => {
    const items = [{ ratio: 2 }, { ratio: 1 }, { ratio: 9 }];
    expect(medianBy(items, ({ ratio }) => ratio)).toBe(items[0]);
    expect(items.map(({ ratio }) => ratio)).toEqual([2, 1, 9]);
  });

  it('of nothing is an error', () => {
    expect(() => medianBy([], same)).toThrow('no median');
  });
});
