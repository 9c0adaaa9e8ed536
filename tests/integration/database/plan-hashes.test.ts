import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, submit } from './fixtures.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
});
afterAll(() => test.remove());

it("the hashes of a plan's files are those that were recorded last, and go with the job", async () => {
  const { planHashes, jobs } = test.database;
  const { jobId } = await submit(test.database, 'job_hashes');
  expect(await planHashes.find(jobId)).toBeNull();
  await planHashes.record(jobId, { plan: 'a', sources: 'b' });
  await planHashes.record(jobId, { plan: 'c', sources: 'd' });
  expect(await planHashes.find(jobId)).toEqual({ plan: 'c', sources: 'd' });
  await jobs.cancel(jobId);
  await jobs.remove('user_1', jobId);
  expect(await planHashes.find(jobId)).toBeNull();
});
