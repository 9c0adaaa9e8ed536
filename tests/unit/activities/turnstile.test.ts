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

  it('lets the next one through once the task before it has left, though it goes on', async () => {
    const turnstile = new Turnstile();
    const [encoded, stored] = [gate(), gate()];
    const first = turnstile.pass(async (leave) => {
      await encoded.isOpen;
      leave();
      await stored.isOpen;
      return 'first';
    });
    let hasSecondBegun = false;
    const second = turnstile.pass(() => {
      hasSecondBegun = true;
      return Promise.resolve('second');
    });
    await Promise.resolve();
    expect(hasSecondBegun).toBe(false);
    encoded.open();
    expect(await second).toBe('second');
    stored.open();
    expect(await first).toBe('first');
  });
});

function gate(): { readonly isOpen: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open: () => open() };
}
