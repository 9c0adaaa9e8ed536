// A server that starts together with us, or is being started again, is waited for: with a line for each attempt, and a bound.
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, RenderError } from '../contract/errors.ts';
import type { Log } from './log.ts';

export type AwaitedServer<Result> = {
  /** "the database" */
  readonly name: string;
  /** Where we look for it; no secrets. */
  readonly at: string;
  /** What to do where it does not come. */
  readonly advice: string;
  readonly connect: () => Promise<Result>;
  /** Whether the failure may pass by itself; others end the wait. */
  readonly mayPass: (error: unknown) => boolean;
};

export type Waiting = { readonly log: Pick<Log, 'warn'>; readonly secondsMax: number };

const pauseMsMin = 250;
const pauseMsMax = 5_000;

/** Resolves with what `connect` does; throws UNAVAILABLE, with what to do, once the time is up. */
export async function waitForServer<Result>(
  server: AwaitedServer<Result>,
  { log, secondsMax }: Waiting,
): Promise<Result> {
  const { name, at } = server;
  const lateMs = performance.now() + secondsMax * 1000;
  let pauseMs = pauseMsMin;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await server.connect();
    } catch (error) {
      if (!server.mayPass(error)) throw error;
      const leftMs = lateMs - performance.now();
      if (leftMs <= 0) throw tooLate(server, secondsMax, error);
      pauseMs = Math.min(pauseMs, leftMs);
      const again = { attempt, againInSeconds: toTenths(pauseMs), secondsLeft: toTenths(leftMs) };
      log.warn(
        { at, reason: errorMessage(error), todo: server.advice, ...again },
        `${name} is not there yet`,
      );
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, pauseMsMax);
  }
}

function tooLate(
  { name, at, advice }: Pick<AwaitedServer<unknown>, 'name' | 'at' | 'advice'>,
  ...[secondsMax, cause]: [number, unknown]
): RenderError {
  const message = `After ${secondsMax} s ${name} at ${at} is still not there: ${errorMessage(cause)}`;
  return new RenderError('UNAVAILABLE', message, { hint: advice, cause });
}

function toTenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}
