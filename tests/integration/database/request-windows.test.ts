// The sliding window of requests, on a real Postgres. Time passes by moving the recorded requests into the past.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../database/connect-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser } from './fixtures.ts';

let test: TestDatabase;
let keyId: string;
let keys = 0;
const window = { requestsMax: 120, windowSeconds: 60 };

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
});
afterAll(() => test.remove());
beforeEach(async () => {
  keys += 1;
  keyId = `key${keys}`;
  await test.database.accounts.createKey({ keyId, userId: 'user_1', secretHash: 'hash', name: 'a key' });
});

const take = async (times: number, accounts = test.database.accounts) => {
  const answers = await Promise.all(Array.from({ length: times }, () => accounts.takeRequest(keyId, window)));
  const refused = answers.filter(({ waitSeconds }) => waitSeconds > 0);
  return { allowed: times - refused.length, waits: refused.map(({ waitSeconds }) => waitSeconds) };
};
const pass = (seconds: number) =>
  test.sql(
    `UPDATE request_windows SET taken_at = ARRAY(
      SELECT taken - make_interval(secs => $<seconds>) FROM unnest(taken_at) AS taken
    ) WHERE key_id = $<keyId>`,
    { seconds, keyId },
  );

describe('the window of a key', () => {
  it('lets 120 of 130 requests through that come within 60 s, wherever the minute begins', async () => {
    expect((await take(60)).allowed).toBe(60);
    await pass(31);
    const { allowed, waits } = await take(70);
    expect([allowed, waits.length]).toEqual([60, 10]);
    for (const wait of waits) expect(Math.ceil(wait)).toBe(29);
  });

  it('slides: what was taken 60 s ago is free again, and no more than that', async () => {
    await take(100);
    await pass(30);
    await take(20);
    await pass(29.5);
    expect((await take(5)).allowed).toBe(0);
    await pass(0.6);
    expect((await take(110)).allowed).toBe(100);
    expect((await take(1)).waits.map(Math.ceil)).toEqual([30]);
  });

  it('does not count those that were refused', async () => {
    await take(120);
    expect((await take(50)).allowed).toBe(0);
    await pass(60.1);
    expect((await take(130)).allowed).toBe(120);
  });

  it('is one for all processes', async () => {
    const other = openDatabase(test.url);
    const taken = await Promise.all([take(100), take(100, other.accounts)]);
    await other.close();
    expect(taken.reduce((sum, { allowed }) => sum + allowed, 0)).toBe(120);
  });

  it('tells what is left, stands for one key alone, and keeps no more rows than keys', async () => {
    const { accounts } = test.database;
    expect(await accounts.takeRequest(keyId, window)).toEqual({ requestsLeft: 119, waitSeconds: 0 });
    expect(await accounts.takeRequest(keyId, window)).toEqual({ requestsLeft: 118, waitSeconds: 0 });
    const rows = await test.sql<{ most: number }>(
      `SELECT max(cardinality(taken_at)) AS most, count(*) FROM request_windows`,
    );
    expect(rows[0]?.most).toBeLessThanOrEqual(120);
    await test.sql(`DELETE FROM api_keys WHERE key_id = $<keyId>`, { keyId });
    const left = await test.sql(`SELECT FROM request_windows WHERE key_id = $<keyId>`, { keyId });
    expect(left).toHaveLength(0);
  });
});
