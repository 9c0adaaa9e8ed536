import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { READINESS_KEPT_MS, ReadinessCheck } from '../../../api/readiness.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;
let nowMs = 0;

beforeEach(async () => {
  api = await createFakeApi();
  nowMs = 1_000_000;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await api.server.close();
});

const ready = () => api.server.inject({ url: '/readyz' });

describe('readiness that many ask for', () => {
  test('asks the parts once for all who ask in the same moment', async () => {
    const calls = [
      vi.spyOn(api.services.database, 'check'),
      vi.spyOn(api.temporal, 'check'),
      vi.spyOn(api.temporal, 'sandbox'),
      vi.spyOn(api.store, 'check'),
    ];
    const answers = await Promise.all(Array.from({ length: 50 }, ready));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    for (const call of calls) expect(call).toHaveBeenCalledTimes(1);
  });

  test('keeps an answer for a moment, good or bad, and no longer', async () => {
    const check = vi.spyOn(api.store, 'check');
    expect((await ready()).statusCode).toBe(200);
    api.store.isAway = true;
    nowMs += READINESS_KEPT_MS - 1;
    expect((await ready()).statusCode).toBe(200);
    expect(check).toHaveBeenCalledTimes(1);
    nowMs += 1;
    expect((await ready()).statusCode).toBe(503);
    api.store.isAway = false;
    expect((await ready()).statusCode).toBe(503);
    nowMs += READINESS_KEPT_MS;
    expect((await ready()).statusCode).toBe(200);
    expect(check).toHaveBeenCalledTimes(3);
  });

  test('does not ask a part again that has not answered yet', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let answer = (): void => undefined;
    const hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const check = vi.spyOn(api.services.database, 'check').mockReturnValue(hanging);
    const readiness = new ReadinessCheck(api.services);
    for (let round = 0; round < 3; round += 1) {
      const asked = readiness.ask();
      await vi.runAllTimersAsync();
      expect((await asked).away).toEqual(['database']);
      nowMs += READINESS_KEPT_MS;
    }
    expect(check).toHaveBeenCalledTimes(1);
    answer();
    await hanging;
    expect((await readiness.ask()).away).toEqual([]);
  });
});
