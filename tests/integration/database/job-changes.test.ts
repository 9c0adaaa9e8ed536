import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MediaData } from '../../../contract/job.ts';
import { sceneJobId } from '../../../contract/names.ts';
import { type JobChanges, listenForJobChanges } from '../../../database/job-changes.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';
import { addUser, newScenes, submit } from './fixtures.ts';

let test: TestDatabase;
let changes: JobChanges;

beforeAll(async () => {
  test = await createTestDatabase();
  await addUser(test.database);
  changes = listenForJobChanges(test.url);
  await vi.waitUntil(() => changes.isListening());
});
afterAll(async () => {
  await changes.close();
  await test.remove();
});

describe('hearing of job changes', () => {
  it('tells of each change of a job until the listener leaves', async () => {
    const heard = { a: 0, b: 0 };
    const leave = changes.subscribe('job_a', () => (heard.a += 1));
    changes.subscribe('job_b', () => (heard.b += 1));
    await submit(test.database, 'job_a');
    await submit(test.database, 'job_b');
    await vi.waitUntil(() => heard.a === 1 && heard.b === 1);
    await test.database.jobs.enterPhase('job_a', 'running', 'planning', 'loading_project');
    await vi.waitUntil(() => heard.a === 2);
    expect(heard.b).toBe(1);
    leave();
    const before = heard.a;
    await test.database.jobs.cancel('job_a');
    await test.database.jobs.cancel('job_b');
    await vi.waitUntil(() => heard.b > 1);
    expect(heard.a).toBe(before);
  });

  it('tells that a job has ended, once and after the change itself', async () => {
    const heard: boolean[] = [];
    changes.subscribe('job_e', (isEnd) => heard.push(isEnd));
    await submit(test.database, 'job_e');
    await test.database.jobs.createScenes('job_e', newScenes('job_e', 1));
    await test.database.jobs.startScene(sceneJobId('job_e', 0), 1);
    await test.database.jobs.finishScene(sceneJobId('job_e', 0), false);
    await test.database.jobs.enterPhase('job_e', 'running', 'uploading', 'uploading');
    await test.database.jobs.complete('job_e', {
      outputKey: 'outputs/job_e/output.mp4',
      mediaData: { duration: 2 } as MediaData,
    });
    await vi.waitUntil(() => heard.includes(true));
    expect(heard.indexOf(true)).toBe(heard.length - 1);
    expect(heard.length).toBeGreaterThan(4);
  });

  it('tells a job of the changes of its scenes, and raises its version', async () => {
    await submit(test.database, 'job_p');
    await test.database.jobs.createScenes('job_p', newScenes('job_p', 2));
    const heard = { parent: 0, scene: 0 };
    changes.subscribe('job_p', () => (heard.parent += 1));
    changes.subscribe(sceneJobId('job_p', 1), () => (heard.scene += 1));
    const before = await test.database.jobs.get('job_p');
    await test.database.jobs.startScene(sceneJobId('job_p', 1), 1);
    await vi.waitUntil(() => heard.parent > 0 && heard.scene > 0);
    const after = await test.database.jobs.get('job_p');
    expect(after!.version).toBeGreaterThan(before!.version);
    expect(after!.updatedAt.getTime()).toBeGreaterThanOrEqual(before!.updatedAt.getTime());
  });

  it('comes back after its connection was cut, and then wakes every listener', async () => {
    await submit(test.database, 'job_cut');
    let heard = 0;
    changes.subscribe('job_cut', () => (heard += 1));
    await test.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'scenemill job changes' AND datname = current_database()`);
    await vi.waitUntil(() => heard > 0, { timeout: 10_000 });
    const before = heard;
    await test.database.jobs.cancel('job_cut');
    await vi.waitUntil(() => heard > before);
  });

  it('closes while the database is away', async () => {
    const lonely = listenForJobChanges('postgres://nobody@127.0.0.1:1/none');
    await lonely.close();
    expect(lonely.isListening()).toBe(false);
  });
});
