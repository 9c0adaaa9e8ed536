import { expect, test } from 'vitest';
import { ApiError } from '../../../cli/api-error.ts';
import { tryAgain } from '../../../cli/try-again.ts';

const limited = (retryAfterMs: number | null = 1) =>
  new ApiError('RATE_LIMITED', 'Too many requests.', { status: 429, retryAfterMs });
const broken = new ApiError('NO_ANSWER', 'The way broke.', { status: 0 });
const { signal } = new AbortController();

/** Fails with each error in turn, then answers. */
function attempts(...errors: readonly Error[]) {
  const left = [...errors];
  const waits: number[] = [];
  const patience = { triesMax: 3, pauseMs: 2, signal, onWait: (_: ApiError, ms: number) => waits.push(ms) };
  const call = (): Promise<string> => {
    const error = left.shift();
    return error === undefined ? Promise.resolve('answer') : Promise.reject(error);
  };
  return { call, patience, waits };
}

test('a call waits as long as the server asks, and is made again', async () => {
  const { call, patience, waits } = attempts(limited(3), limited(1));
  await expect(tryAgain(call, patience, false)).resolves.toBe('answer');
  expect(waits).toEqual([3, 1]);
});

test('no wait is longer than a minute, and none is begun after the last try', async () => {
  const { call, patience, waits } = attempts(limited(1), limited(1), limited(1));
  await expect(tryAgain(call, patience, false)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(waits).toHaveLength(2);
  const long = attempts(limited(3_600_000));
  const stop = new AbortController();
  const waiting = tryAgain(long.call, { ...long.patience, signal: stop.signal }, false);
  setImmediate(() => stop.abort());
  await expect(waiting).rejects.toThrow();
  expect(long.waits).toEqual([60_000]);
});

test('a way that broke is tried again only where the call may break', async () => {
  const once = attempts(broken);
  await expect(tryAgain(once.call, once.patience, false)).rejects.toBe(broken);
  const twice = attempts(broken, broken);
  await expect(tryAgain(twice.call, twice.patience, true)).resolves.toBe('answer');
  expect(twice.waits).toEqual([2, 4]);
});

test('what a second try cannot mend is told at once', async () => {
  const refused = new ApiError('NOT_FOUND', 'There is none.', { status: 404 });
  const { call, patience, waits } = attempts(refused);
  await expect(tryAgain(call, patience, true)).rejects.toBe(refused);
  expect(waits).toEqual([]);
});
