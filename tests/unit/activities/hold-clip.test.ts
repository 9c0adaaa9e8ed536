import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdClip } from '../../../activities/hold-clip.ts';
import { FakeClaims } from '../../support/fake-claims.ts';

const claim = (holder: string, attempt = 1) => ({ key: 'clip', holder, attempt });
const { signal } = new AbortController();
const nothing = (): Promise<null> => Promise.resolve(null);

describe('a clip that several jobs need', () => {
  it('is made once; the others wait and find it', async () => {
    const claims = new FakeClaims();
    let made = 0;
    let stored: string | null = null;
    const ends = Array.from({ length: 5 }, (_, index) =>
      holdClip<string>(claims, {
        claim: claim(`job_${index}`),
        signal,
        find: () => Promise.resolve(stored),
        make: async () => {
          made += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
          stored = 'clip';
          return stored;
        },
      }),
    );
    expect(await Promise.all(ends)).toEqual(Array.from({ length: 5 }, () => 'clip'));
    expect(made).toBe(1);
    expect(claims.held.size).toBe(0);
  });

  it('is made by another where the one that made it failed', async () => {
    const claims = new FakeClaims();
    const broken = holdClip(claims, {
      claim: claim('a'),
      signal,
      find: nothing,
      make: () => Promise.reject(new Error('the encoder broke')),
    });
    const other = holdClip(claims, {
      claim: claim('b'),
      signal,
      find: nothing,
      make: () => Promise.resolve('made by b'),
    });
    await expect(broken).rejects.toThrow('the encoder broke');
    expect(await other).toBe('made by b');
  });

  it('is waited for until the activity is to end', async () => {
    const claims = new FakeClaims();
    await claims.claim(claim('another'));
    const end = new AbortController();
    const waiting = holdClip(claims, { claim: claim('a'), signal: end.signal, find: nothing, make: nothing });
    end.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow();
    expect(claims.held.get('clip')?.holder).toBe('another');
  });
});

describe('an attempt that was overtaken', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is stopped at the next renewal, and may not store what it made', async () => {
    const claims = new FakeClaims();
    const work = holdClip(claims, {
      claim: claim('a', 1),
      signal,
      find: nothing,
      make: async (held) => {
        await claims.claim(claim('a', 2));
        await vi.advanceTimersByTimeAsync(5_000);
        expect(held.signal.aborted).toBe(true);
        await held.confirm();
        return 'stored';
      },
    });
    await expect(work).rejects.toThrow('overtaken');
    expect(claims.held.get('clip')?.attempt).toBe(2);
  });

  it('asks again after a long stop, in which no renewal was sent', async () => {
    const claims = new FakeClaims();
    const work = holdClip(claims, {
      claim: claim('a', 1),
      signal,
      find: nothing,
      make: async (held) => {
        await claims.claim(claim('a', 2));
        vi.setSystemTime(0);
        vi.spyOn(performance, 'now').mockReturnValue(60_000);
        await held.confirm();
        return 'stored';
      },
    });
    await expect(work).rejects.toThrow('overtaken');
    vi.restoreAllMocks();
  });
});
