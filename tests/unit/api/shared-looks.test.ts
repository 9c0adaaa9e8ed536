import { describe, expect, test } from 'vitest';
import { SharedLooks } from '../../../api/shared-looks.ts';

/** Answers when it is told to, with how often it was asked before. */
function createSource() {
  const waiting: { readonly answer: (value: number) => void; readonly fail: (error: Error) => void }[] = [];
  const ask = () => new Promise<number>((answer, fail) => void waiting.push({ answer, fail }));
  return { ask, waiting, answerAll: () => waiting.forEach(({ answer }, index) => answer(index)) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('looks that are shared', () => {
  test('are one under way and one after it, however many ask, and nobody is told what is older than their question', async () => {
    const [looks, { ask, waiting, answerAll }] = [new SharedLooks<number>(), createSource()];
    const first = looks.look('job', ask);
    const others = Array.from({ length: 50 }, () => looks.look('job', ask));
    expect(waiting).toHaveLength(1);
    answerAll();
    await turn();
    expect(waiting).toHaveLength(2);
    const late = looks.look('job', ask);
    answerAll();
    await turn();
    answerAll();
    expect([await first, new Set(await Promise.all(others)), await late]).toEqual([0, new Set([1]), 2]);
  });

  test('of different things do not wait for each other', async () => {
    const [looks, { ask, waiting, answerAll }] = [new SharedLooks<number>(), createSource()];
    const both = [looks.look('one', ask), looks.look('other', ask)];
    expect(waiting).toHaveLength(2);
    answerAll();
    expect(await Promise.all(both)).toEqual([0, 1]);
  });

  test('that fail are told to those who asked, and the next one is asked anew', async () => {
    const [looks, { ask, waiting, answerAll }] = [new SharedLooks<number>(), createSource()];
    const [first, second] = [looks.look('job', ask), looks.look('job', ask)];
    waiting[0]?.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await turn();
    answerAll();
    expect(await second).toBe(1);
    await turn();
    const third = looks.look('job', ask);
    answerAll();
    expect(await third).toBe(2);
  });
});
