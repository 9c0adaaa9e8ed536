import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser } from './fixtures.ts';

let test: TestDatabase;
const clip = { key: 'k1', kind: 'picture' as const, bytes: 10_000_000_000, sha256: 'aa', length: 300 };

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
});
afterAll(() => test.remove());

describe('the clip index', () => {
  it('finds what was recorded, replaces it, and forgets it', async () => {
    const { clips } = test.database;
    await clips.record(clip);
    expect(await clips.find(['k1', 'k2'])).toEqual([clip]);
    await clips.record({ ...clip, sha256: 'bb', length: 301 });
    expect(await clips.find(['k1'])).toEqual([{ ...clip, sha256: 'bb', length: 301 }]);
    await clips.forget('k1');
    await clips.forget('k1');
    expect(await clips.find(['k1'])).toEqual([]);
    expect(await clips.find([])).toEqual([]);
  });

  it('marks what is found as used', async () => {
    const { clips } = test.database;
    await clips.record({ ...clip, key: 'used' });
    await clips.record({ ...clip, key: 'unused' });
    await test.sql(`UPDATE scene_clips SET used_at = now() - interval '1 day'`);
    await clips.find(['used']);
    const old = await test.sql(`SELECT key FROM scene_clips WHERE used_at < now() - interval '1 hour'`);
    expect(old).toEqual([{ key: 'unused' }]);
  });

  it('never waits for a clip that another job is marking, so no two can wait for each other', async () => {
    const { clips } = test.database;
    await clips.record({ ...clip, key: 'held' });
    await test.sql(`UPDATE scene_clips SET used_at = now() - interval '1 day'`);
    const holder =
      test.sql(`WITH held AS MATERIALIZED (SELECT key FROM scene_clips WHERE key = 'held' FOR UPDATE)
      SELECT pg_sleep(60) FROM held`);
    const isEnded = expect(holder).rejects.toThrow('canceling statement');
    const sleeping = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    await vi.waitUntil(async () => (await test.sql(`SELECT pid ${sleeping}`)).length === 1);
    expect(await clips.find(['held'])).toHaveLength(1);
    expect(await test.sql(`SELECT pg_cancel_backend(pid) ${sleeping}`)).toHaveLength(1);
    await isEnded;
  });
});

describe('the scene history', () => {
  it('keeps the last render of each scene of a project', async () => {
    const { history } = test.database;
    await history.record('project_1', [
      { sceneId: 'one', key: 'k1', source: { text: 'a', nul: '\0' } },
      { sceneId: 'two', key: 'k2', source: { text: 'b' } },
      // A long scene comes in several parts.
      { sceneId: 'two', key: 'k2', source: { text: 'b' } },
    ]);
    await history.record('project_1', [{ sceneId: 'one', key: 'k3', source: { text: 'c' } }]);
    await history.record('project_1', []);
    const last = await history.last('project_1', ['one', 'two', 'three']);
    expect(Object.fromEntries(last)).toEqual({
      one: { key: 'k3', source: { text: 'c' } },
      two: { key: 'k2', source: { text: 'b' } },
    });
    expect(await history.last('project_none', ['one'])).toEqual(new Map());
  });
});
