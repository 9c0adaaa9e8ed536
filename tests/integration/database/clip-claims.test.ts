import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.remove());

const lapse = (key: string): Promise<unknown> =>
  test.sql(`UPDATE clip_claims SET lapses_at = now() - interval '1 second' WHERE key = $<key>`, { key });

describe('a claim on a clip', () => {
  it('is held by one of twenty that ask at once', async () => {
    const asked = Array.from({ length: 20 }, (_, index) =>
      test.database.claims.claim({ key: 'race', holder: `job_${index}`, attempt: 1 }, 20),
    );
    expect((await Promise.all(asked)).filter((isMine) => isMine)).toHaveLength(1);
  });

  it('is taken over when it lapses, and not before', async () => {
    const { claims } = test.database;
    const first = { key: 'lapse', holder: 'a', attempt: 1 };
    const second = { key: 'lapse', holder: 'b', attempt: 1 };
    expect(await claims.claim(first, 20)).toBe(true);
    expect(await claims.claim(second, 20)).toBe(false);
    await lapse('lapse');
    expect(await claims.claim(second, 20)).toBe(true);
    expect(await claims.renew(first, 20)).toBe(false);
    await claims.release(first);
    expect(await claims.renew(second, 20)).toBe(true);
  });

  it('goes to a later attempt of the same work at once, and never back to an earlier one', async () => {
    const { claims } = test.database;
    const [first, second] = [1, 2].map((attempt) => ({ key: 'fence', holder: 'a', attempt }));
    if (first === undefined || second === undefined) throw new Error('two attempts');
    expect(await claims.claim(first, 20)).toBe(true);
    expect(await claims.claim(second, 20)).toBe(true);
    expect(await claims.renew(first, 20)).toBe(false);
    expect(await claims.claim(first, 20)).toBe(false);
  });

  it('is free again after its release', async () => {
    const { claims } = test.database;
    const claim = { key: 'free', holder: 'a', attempt: 1 };
    expect(await claims.claim(claim, 20)).toBe(true);
    await claims.release(claim);
    expect(await claims.claim({ ...claim, holder: 'b' }, 20)).toBe(true);
  });
});
