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
    expect(await judge.run('read', { body, limits })).toEqual(documentWork.read({ body, limits }));
    expect(await judge.run('hashBody', body)).toBe(documentWork.hashBody(body));
    const faulty = { ...body, movie: { ...body.movie, width: 1 } };
    expect(await judge.run('read', { body: faulty, limits })).toMatchObject({ kind: 'refused' });
  });

  test('tells why a large body has no hash', async () => {
    const body = { ...document(2_000), title: '\ud800' };
    await expect(openJudge().run('hashBody', body)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  test('takes only so many large documents at once, and goes on afterwards', async () => {
    const judge = openJudge();
    const body = document(1_000);
    const all = await Promise.allSettled(Array.from({ length: 17 }, () => judge.run('hashBody', body)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
    expect(all.at(-1)).toMatchObject({ reason: { code: 'UNAVAILABLE', retryable: true } });
    expect(await judge.run('hashBody', body)).toBe(documentWork.hashBody(body));
  });

  test('has another thread after one that was ended', async () => {
    const judge = openJudge();
    const body = document(1_000);
    await judge.run('hashBody', body);
    await judge.close();
    expect(await judge.run('hashBody', body)).toBe(documentWork.hashBody(body));
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
});
