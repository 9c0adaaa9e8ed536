import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { waitForServer } from '../../../telemetry/wait-for-server.ts';

let nowMs = 0;
// Time passes only while somebody waits.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => {
    nowMs += ms;
    return Promise.resolve();
  },
}));
beforeEach(() => {
  nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => vi.restoreAllMocks());

const away = new Error('connect ECONNREFUSED');

/** A server that is away for so many attempts. */
function waitFor(attemptsAway: number, { secondsMax = 60, mayPass = true } = {}) {
  const lines: { readonly attempt: number; readonly againInSeconds: number }[] = [];
  let attempts = 0;
  const connect = (): Promise<string> => {
    attempts += 1;
    return attempts <= attemptsAway ? Promise.reject(away) : Promise.resolve('connected');
  };
  const server = { name: 'the server', at: 'host:1', advice: 'Start it.', connect, mayPass: () => mayPass };
  const warn = (line: unknown): void => void lines.push(line as (typeof lines)[number]);
  return { waiting: waitForServer(server, { log: { warn }, secondsMax }), lines, attempts: () => attempts };
}

describe('a server that is not there yet', () => {
  it('is asked again after ever longer pauses, with a line for each', async () => {
    const { waiting, lines } = waitFor(7);
    expect(await waiting).toBe('connected');
    expect(lines.map(({ againInSeconds }) => againInSeconds)).toEqual([0.3, 0.5, 1, 2, 4, 5, 5]);
    expect(lines[0]).toMatchObject({
      attempt: 1,
      at: 'host:1',
      reason: 'connect ECONNREFUSED',
      todo: 'Start it.',
      secondsLeft: 60,
    });
  });

  it('is given up at the end of the time, after a last attempt', async () => {
    const { waiting, lines } = waitFor(Number.POSITIVE_INFINITY, { secondsMax: 10 });
    await expect(waiting).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      hint: 'Start it.',
      cause: away,
      message: 'After 10 s the server at host:1 is still not there: connect ECONNREFUSED',
    });
    expect(nowMs).toBe(10_000);
    expect(lines.at(-1)?.againInSeconds).toBe(2.3);
  });

  it('is asked once where no time is given, or where waiting cannot help', async () => {
    const hasty = waitFor(1, { secondsMax: 0 });
    await expect(hasty.waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const refused = waitFor(1, { mayPass: false });
    await expect(refused.waiting).rejects.toBe(away);
    expect([hasty.attempts(), refused.attempts(), hasty.lines, refused.lines]).toEqual([1, 1, [], []]);
  });
});
