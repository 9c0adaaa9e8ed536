import { expect, it } from 'vitest';
import { sideBySide } from '../../../activities/side-by-side.ts';

const never = new AbortController().signal;

/** Works until it is stopped, and takes a moment to come to rest. */
function untilStopped(log: string[]): (signal: AbortSignal) => Promise<never> {
  return (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        setImmediate(() => {
          log.push('at rest');
          reject(new Error('stopped'));
        });
      });
    });
}

it('gives both results', async () => {
  const both = await sideBySide(
    never,
    () => Promise.resolve(1),
    () => Promise.resolve('two'),
  );
  expect(both).toEqual([1, 'two']);
});

it('stops the other task with the first failure, and throws that one when both are at rest', async () => {
  const log: string[] = [];
  const failing = (): Promise<never> => Promise.reject(new Error('the film is too short'));
  await expect(sideBySide(never, untilStopped(log), failing)).rejects.toThrow('the film is too short');
  expect(log).toEqual(['at rest']);
  await expect(sideBySide(never, failing, untilStopped(log))).rejects.toThrow('the film is too short');
  expect(log).toEqual(['at rest', 'at rest']);
});

it('stops both from outside', async () => {
  const log: string[] = [];
  const outside = new AbortController();
  const ended = sideBySide(outside.signal, untilStopped(log), untilStopped(log));
  outside.abort(new Error('cancelled'));
  await expect(ended).rejects.toThrow('stopped');
  expect(log).toEqual(['at rest', 'at rest']);
});
