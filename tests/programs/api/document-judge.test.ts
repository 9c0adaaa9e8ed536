import { setImmediate as untilNextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { DocumentJudge } from '../../../api/document-judge.ts';
import { documentWork } from '../../../api/document-work.ts';
import { readSettings } from '../../../contract/settings.ts';
import { engineLimits } from '../../../plan-compiler/engine-limits.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

const limits = engineLimits(
  readSettings({
    DATABASE_URL: 'postgres://none',
    TEMPORAL_ADDRESS: 'none:1',
    LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
  }),
);
const scene = (index: number) => ({
  id: `scene ${index}`,
  duration: 1,
  layers: [{ type: 'text', text: `scene ${index}` }],
});
const document = (scenes: number) => ({
  ...submission,
  movie: { ...submission.movie, scenes: Array.from({ length: scenes }, (_, index) => scene(index)) },
});

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((opened) => opened.close()));
});
const openJudge = (): DocumentJudge => {
  const judge = new DocumentJudge();
  closing.push(judge);
  return judge;
};

describe('a judge of documents', () => {
  test('says the same of a large document as it would at once', async () => {
    const judge = openJudge();
    const body = document(2_000);
    expect(await judge.run('user_anna', 'read', { body, limits })).toEqual(
      documentWork.read({ body, limits }),
    );
    expect(await judge.run('user_anna', 'hashBody', body)).toBe(documentWork.hashBody(body));
    const faulty = { ...body, movie: { ...body.movie, width: 1 } };
    expect(await judge.run('user_anna', 'read', { body: faulty, limits })).toMatchObject({ kind: 'refused' });
  });

  test('tells why a large body has no hash', async () => {
    const body = { ...document(2_000), title: '\ud800' };
    await expect(openJudge().run('user_anna', 'hashBody', body)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });

  test('takes only so many large documents at once, and goes on afterwards', async () => {
    const judge = openJudge();
    const body = document(1_000);
    const users = Array.from({ length: 17 }, (_, index) => `user_${index % 5}`);
    const all = await Promise.allSettled(users.map((userId) => judge.run(userId, 'hashBody', body)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
    expect(all.at(-1)).toMatchObject({ reason: { code: 'UNAVAILABLE', retryable: true } });
    expect(await judge.run('user_anna', 'hashBody', body)).toBe(documentWork.hashBody(body));
  });

  test('takes a quarter of them from one user, and there is room for the others', async () => {
    const judge = openJudge();
    const body = document(1_000);
    const users = [...Array.from({ length: 20 }, () => 'user_anna'), 'user_ben'];
    const all = await Promise.allSettled(users.map((userId) => judge.run(userId, 'hashBody', body)));
    const taken = all.map(({ status }) => status === 'fulfilled');
    expect(taken).toEqual(users.map((_, index) => index < 4 || index === 20));
    expect(all[4]).toMatchObject({ reason: { code: 'RATE_LIMITED', retryable: true } });
    expect(await judge.run('user_anna', 'hashBody', body)).toBe(documentWork.hashBody(body));
  });

  test('has another thread after one that was ended', async () => {
    const judge = openJudge();
    const body = document(1_000);
    await judge.run('user_anna', 'hashBody', body);
    await judge.close();
    expect(await judge.run('user_anna', 'hashBody', body)).toBe(documentWork.hashBody(body));
  });
});

describe('a large document that is judged', () => {
  let api: FakeApi;

  test('does not hold up other requests', async () => {
    api = await createFakeApi();
    closing.push(api.server, api.services.judge);
    const headers = { 'x-api-key': api.anna };
    const payload = document(2_000);
    const request = { isOpen: true };
    const judged = api.server
      .inject({ method: 'POST', url: '/v1/render/validate', headers, payload })
      .finally(() => {
        request.isOpen = false;
      });
    let answeredMeanwhile = 0;
    while (request.isOpen) {
      expect((await api.server.inject({ url: '/v1/projects', headers })).statusCode).toBe(200);
      answeredMeanwhile += 1;
      await untilNextTurn();
    }
    expect((await judged).json()).toEqual({ valid: true, issues: [] });
    // Where the document is judged at once, hardly one comes between its steps (measured: 1).
    expect(answeredMeanwhile).toBeGreaterThan(20);
  });

  test('of a user who sends many at once is a 429 that says when to come back, and keeps nobody else out', async () => {
    api = await createFakeApi();
    closing.push(api.server, api.services.judge);
    const payload = document(1_000);
    const validate = (key: string, projectId: string) =>
      api.server.inject({
        method: 'POST',
        url: '/v1/render/validate',
        headers: { 'x-api-key': key },
        payload: { ...payload, projectId },
      });
    const [other, ...own] = await Promise.all([
      validate(api.ben, 'project_ben'),
      ...Array.from({ length: 8 }, () => validate(api.anna, 'project_anna')),
    ]);
    expect(other.json()).toEqual({ valid: true, issues: [] });
    const refused = own.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(own.filter(({ statusCode }) => statusCode === 200)).toHaveLength(own.length - refused.length);
    expect(refused[0]?.headers['retry-after']).toBe('5');
    expect(refused[0]?.json()).toMatchObject({ code: 'RATE_LIMITED' });
  });
});
