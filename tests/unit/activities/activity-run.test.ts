import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, expect, it, vi } from 'vitest';
import { type ActivityRun, runActivity } from '../../../activities/activity-run.ts';
import { RenderError } from '../../../contract/errors.ts';

afterEach(() => vi.useRealTimers());

/** By the timer that tests may move on. */
const sleepFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** An activity under way, which a test may cancel. */
function start(body: (run: ActivityRun) => Promise<unknown>) {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const end = environment
    .run(() => runActivity(body))
    .then(
      (result) => result,
      (error: unknown) => error,
    );
  return { environment, end };
}

it('an activity that ends well gives its result', async () => {
  expect(await start(() => Promise.resolve('clip')).end).toBe('clip');
});

it('an activity that fails fails by the code of its error', async () => {
  const fault = new RenderError('OUT_OF_MEMORY', 'too much');
  expect(await start(() => Promise.reject(fault)).end).toMatchObject({
    type: 'OUT_OF_MEMORY',
    nonRetryable: true,
  });
});

it('a cancelled activity comes to rest before it says so', async () => {
  let isAtRest = false;
  const { environment, end } = start(async ({ signal }) => {
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    await sleep(20);
    isAtRest = true;
    throw new Error('half a clip');
  });
  environment.cancel('CANCELLED');
  expect(await end).toBeInstanceOf(CancelledFailure);
  expect(isAtRest).toBe(true);
});

it('a cancelled activity that does not come to rest is left alone after some seconds', async () => {
  vi.useFakeTimers();
  const { environment, end } = start(() => new Promise(() => undefined));
  environment.cancel('CANCELLED');
  await vi.advanceTimersByTimeAsync(7_000);
  expect(await end).toBeInstanceOf(CancelledFailure);
});

it('what an activity fails with after it was left alone troubles nobody', async () => {
  vi.useFakeTimers();
  const { environment, end } = start(async () => {
    await sleepFor(8_000);
    throw new Error('late');
  });
  environment.cancel('CANCELLED');
  await vi.advanceTimersByTimeAsync(7_000);
  await end;
  await vi.advanceTimersByTimeAsync(1_000);
});

it('a result that comes although the activity was cancelled is a result', async () => {
  const { environment, end } = start(async () => {
    await sleep(20);
    return 'the film';
  });
  environment.cancel('WORKER_SHUTDOWN');
  expect(await end).toBe('the film');
});
