import { describe, expect, it } from 'vitest';
import { pictureTasks } from '../../../workflows/picture-tasks.ts';

async function groupsOf(count: number, cheapPictures: number, concurrency: number) {
  const groups: (readonly number[])[] = [];
  const tasks = pictureTasks({
    pictures: Array.from({ length: count }, (_, index) => index),
    cheapPictures,
    concurrency,
    render: (positions) => {
      groups.push(positions);
      return Promise.resolve();
    },
  });
  for (const task of tasks) expect(await task()).toEqual([]);
  return groups;
}

describe('the tasks of pictures', () => {
  it('are one for each costly picture, and then one for several cheap ones', async () => {
    expect(await groupsOf(7, 5, 2)).toEqual([[0], [1], [2, 3, 4], [5, 6]]);
  });

  it('are as many as there are lanes, as long as there are pictures', async () => {
    expect(await groupsOf(3, 3, 6)).toEqual([[0], [1], [2]]);
    expect(await groupsOf(4, 4, 2)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('never hold more than ten pictures, and hold each once', async () => {
    const groups = await groupsOf(2_003, 2_000, 4);
    expect(Math.max(...groups.map(({ length }) => length))).toBe(10);
    expect(groups.flat()).toEqual(Array.from({ length: 2_003 }, (_, index) => index));
  });

  it('are none where there are no pictures', async () => {
    expect(await groupsOf(0, 0, 2)).toEqual([]);
  });
});
