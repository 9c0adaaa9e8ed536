import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../../activities/turnstile.ts';

describe('a turnstile', () => {
  it('lets one through at a time, in the order they came', async () => {
    const turnstile = new Turnstile();
    const story: string[] = [];
    const task = (name: string) => async (): Promise<string> => {
      story.push(`${name} begins`);
      await Promise.resolve();
      story.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all(['a', 'b', 'c'].map((name) => turnstile.pass(task(name))))).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(story).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('lets the next one through where one fails', async () => {
    const turnstile = new Turnstile();
    const failing = turnstile.pass(() => Promise.reject(new Error('no')));
    const next = turnstile.pass(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });
});
