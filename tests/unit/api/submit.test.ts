import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createServer } from '../../../api/create-server.ts';
import { unlimitedPlan } from '../../support/fake-accounts.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await createFakeApi();
});
afterEach(async () => {
  await api.server.close();
});

const submit = (body: unknown, headers: Record<string, string> = {}) =>
  api.server.inject({
    method: 'POST',
    url: '/v1/render/jobs',
    headers: { 'x-api-key': api.anna, ...headers },
    payload: body as object,
  });

describe('submitting', () => {
  test('a valid document becomes a queued job that Temporal is told of', async () => {
    const answer = await submit(submission);
    expect(answer.statusCode).toBe(202);
    const { jobId } = answer.json<{ jobId: string }>();
    expect(answer.json()).toEqual({ jobId, status: 'queued' });
    expect(answer.headers.location).toBe(`/v1/jobs/${jobId}`);
    await vi.waitFor(() => expect(api.jobs.unsent.size).toBe(0));
    expect(api.temporal.started).toEqual([
      {
        jobId,
        userId: 'user_anna',
        projectId: 'project_anna',
        title: 'A film',
        plan: 'pro',
        traceParent: null,
      },
    ]);
  });

  test('a movie is shown as it was sent, with the notes of its sender, and so is that of a retry', async () => {
    const scenes = [{ 'x-deep': { list: [1, null] }, ...submission.movie.scenes[0] }];
    const sent = { ...submission, movie: { 'x-note': 'Über', scenes, fps: 25 }, 'x-client': 1 };
    const { jobId } = (await submit(sent)).json<{ jobId: string }>();
    const payloadOf = async (id: string): Promise<unknown> =>
      (await api.server.inject({ url: `/v1/jobs/${id}`, headers: { 'x-api-key': api.anna } })).json<{
        payload: unknown;
      }>().payload;
    expect(await payloadOf(jobId)).toEqual({ projectId: 'project_anna', movie: sent.movie });
    expect(api.jobs.rows.get(jobId)?.submission?.movie).toMatchObject({ title: 'Untitled Movie', fps: 25 });
    api.jobs.change(jobId, { status: 'failed' });
    const retried = await api.server.inject({
      method: 'POST',
      url: `/v1/jobs/${jobId}/retry`,
      headers: { 'x-api-key': api.anna },
    });
    expect(await payloadOf(retried.json<{ jobId: string }>().jobId)).toEqual({
      projectId: 'project_anna',
      movie: sent.movie,
    });
  });

  test.each([61, 100_000])('notes of %i levels are held to the depth of the document', async (levels) => {
    const deep = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const body = JSON.stringify(submission).replace('"scenes"', `"x-deep":${deep},"scenes"`);
    const answer = await submit(body, { 'content-type': 'application/json' });
    expect(answer.statusCode).toBe(levels < 64 ? 202 : 400);
    if (levels >= 64) expect(answer.json()).toMatchObject({ details: [{ path: 'movie' }] });
  });

  test('is accepted while Temporal is away, and stays in the outbox', async () => {
    api.temporal.isAway = true;
    expect((await submit(submission)).statusCode).toBe(202);
    await vi.waitFor(() => expect(api.logged.join()).toContain('could not be started yet'));
    expect(api.jobs.unsent.size).toBe(1);
  });

  test('a bad document is refused with every fault by its path', async () => {
    const answer = await submit({
      ...submission,
      surprise: 1,
      movie: { ...submission.movie, fps: 0, scenes: [{ id: 'one', layers: [{ type: 'hologram' }] }] },
    });
    expect(answer.statusCode).toBe(400);
    const { code, details } = answer.json<{ code: string; details: { path: string; hint: unknown }[] }>();
    expect(code).toBe('VALIDATION_ERROR');
    const paths = details.map(({ path }) => path);
    expect(paths.some((path) => path.startsWith('movie.fps'))).toBe(true);
    expect(paths.some((path) => path.startsWith('movie.scenes[0].layers[0]'))).toBe(true);
    expect(details.length).toBeGreaterThanOrEqual(3);
    expect(details.every((fault) => 'hint' in fault)).toBe(true);
    expect(api.jobs.rows.size).toBe(0);
  });

  test('a canvas beyond the limits of the engine is refused', async () => {
    const answer = await submit({ ...submission, movie: { ...submission.movie, width: 5000 } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ details: [{ path: 'movie.width' }] });
  });

  test("another user's project is not found", async () => {
    const answer = await submit({ ...submission, projectId: 'project_ben' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an equal job that is active is returned, unless a new one is asked for', async () => {
    const first = (await submit(submission)).json<{ jobId: string }>();
    const again = await submit({ ...submission, renderOptions: { qualityPreset: 'turbo' } });
    expect(again.statusCode).toBe(200);
    expect(again.json()).toMatchObject({ jobId: first.jobId });
    const other = await submit({ ...submission, renderOptions: { reuseActive: false } });
    expect(other.statusCode).toBe(202);
    expect(other.json<{ jobId: string }>().jobId).not.toBe(first.jobId);
  });

  test('an idempotency key gives the same job for the same body, whatever the order of its fields', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = (
      await submit({ ...submission, renderOptions: { reuseActive: false } }, headers)
    ).json<object>();
    const { kind, ...rest } = submission;
    const again = await submit({ renderOptions: { reuseActive: false }, ...rest, kind }, headers);
    expect(again.statusCode).toBe(202);
    expect(again.json()).toEqual(first);
    expect(api.jobs.rows.size).toBe(1);
  });

  test('an idempotency key gives the same answer though job, project and plan are gone by then', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = (await submit(submission, headers)).json<{ jobId: string }>();
    await vi.waitFor(() => expect(api.temporal.started).toHaveLength(1));
    api.jobs.change(first.jobId, { status: 'failed' });
    await api.jobs.remove('user_anna', first.jobId);
    api.accounts.projects.clear();
    api.accounts.plans.set('unlimited', { ...unlimitedPlan, filmSecondsMax: 1 });
    const again = await submit(submission, headers);
    expect([again.statusCode, again.json(), again.headers.location]).toEqual([
      ...[202, first, `/v1/jobs/${first.jobId}`],
    ]);
    expect(api.temporal.started).toHaveLength(1);
  });

  test('a client that repeats after the API died before its answer gets the job that was started', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const once = { ...submission, renderOptions: { reuseActive: false } };
    const lost = (await submit(once, headers)).json<{ jobId: string }>();
    await vi.waitFor(() => expect(api.temporal.started).toHaveLength(1));
    const restarted = createServer(api.services);
    const again = await restarted.inject({
      method: 'POST',
      url: '/v1/render/jobs',
      payload: once,
      headers: { 'x-api-key': api.anna, ...headers },
    });
    await restarted.close();
    expect(again.json()).toEqual(lost);
    expect([api.jobs.rows.size, api.temporal.started.length]).toEqual([1, 1]);
  });

  test('a retry takes an idempotency key, too', async () => {
    const { jobId } = (await submit(submission)).json<{ jobId: string }>();
    api.jobs.change(jobId, { status: 'failed' });
    const retry = (key: string) =>
      api.server.inject({
        method: 'POST',
        url: `/v1/jobs/${jobId}/retry`,
        headers: { 'x-api-key': api.anna, 'idempotency-key': key },
      });
    const first = await retry('r1');
    expect(first.statusCode).toBe(202);
    expect((await retry('r1')).json()).toEqual(first.json());
    expect((await submit(submission, { 'idempotency-key': 'r1' })).statusCode).toBe(409);
  });

  test('an idempotency key with another body is a 409', async () => {
    const headers = { 'idempotency-key': 'k1' };
    await submit(submission, headers);
    const answer = await submit({ ...submission, renderOptions: { crf: 30 } }, headers);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });

  test('an idempotency key that is too long is refused', async () => {
    const answer = await submit(submission, { 'idempotency-key': 'k'.repeat(300) });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ details: [{ path: 'headers.idempotency-key' }] });
  });
});

describe('bodies that are no documents', () => {
  const send = (payload: string, type = 'application/json') =>
    api.server.inject({
      method: 'POST',
      url: '/v1/render/jobs',
      headers: { 'x-api-key': api.anna, 'content-type': type },
      payload,
    });

  test.each([
    ['broken JSON', '{"kind":'],
    ['an empty body', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a polluted prototype', '{"__proto__":{"a":1}}'],
    ['a number beyond all numbers', '{"kind":"movie","projectId":"project_anna","movie":{"width":1e999}}'],
    ['200,000 lists in each other', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ])('%s is a 400', async (_title, payload) => {
    const answer = await send(payload);
    expect(answer.statusCode).toBe(400);
    const { code, error } = answer.json<{ code: string; error: string }>();
    expect(code).toBe('VALIDATION_ERROR');
    expect(error).not.toBe('');
  });

  test.each(['', 'null'])('an empty one, "%s", is said to be empty', async (payload) => {
    expect((await send(payload)).json()).toMatchObject({
      details: [{ path: '', message: 'There is no document: the body is empty, or null.' }],
    });
  });

  test('more than 8 MB is a 413', async () => {
    const answer = await send(`"${'x'.repeat(8 * 1024 * 1024)}"`);
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  test('another content type is a 415', async () => {
    const answer = await send('<movie/>', 'text/xml');
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });
});

describe('what a plan allows', () => {
  const withPlan = async (patch: Partial<typeof unlimitedPlan>, body: unknown = submission) => {
    const key = await api.accounts.addUser('carl', { ...unlimitedPlan, plan: 'small', ...patch });
    return submit({ ...(body as object), projectId: 'project_carl' }, { 'x-api-key': key });
  };

  test('a plan without the API is a 403', async () => {
    const answer = await withPlan({ hasApi: false });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'FORBIDDEN']);
  });

  test('a plan without the API opens nothing but what tells of the plan', async () => {
    const key = await api.accounts.addUser('carl', { ...unlimitedPlan, plan: 'free', hasApi: false });
    const headers = { 'x-api-key': key };
    const asked = [
      ...['/v1/jobs', '/v1/jobs/job_1', '/v1/projects', '/v1/keys', '/v1/webhooks/deliveries'].map(
        (url) => ['GET', url] as const,
      ),
      ...(['/v1/render/jobs', '/v1/render/validate', '/v1/projects', '/v1/keys'] as const).map(
        (url) => ['POST', url] as const,
      ),
      ...[['POST', '/v1/assets?projectId=project_carl'] as const, ['DELETE', '/v1/jobs/job_1'] as const],
    ];
    for (const [method, url] of asked) {
      const answer = await api.server.inject({ method, url, headers, payload: '{}' });
      expect([url, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([url, 403, 'FORBIDDEN']);
    }
    expect(api.store.objects.size).toBe(0);
    for (const url of ['/v1/me', '/v1/usage'])
      expect((await api.server.inject({ url, headers })).statusCode).toBe(200);
  });

  test('a picture larger than the plan is a 403, and its turned form counts alike', async () => {
    const size = { widthMax: 640, heightMax: 360 };
    expect((await withPlan(size)).statusCode).toBe(202);
    const upright = { ...submission, movie: { ...submission.movie, width: 360, height: 640 } };
    expect((await withPlan(size, upright)).statusCode).toBe(202);
    const large = { ...submission, movie: { ...submission.movie, width: 642 } };
    expect((await withPlan(size, large)).statusCode).toBe(403);
  });

  test('a film longer than the plan is a 403', async () => {
    expect((await withPlan({ filmSecondsMax: 1 })).statusCode).toBe(403);
  });

  test('a document too large to be checked here with a scene of "auto" length is a 403 where length is counted', async () => {
    const layers = Array.from({ length: 101 }, () => ({ type: 'color', color: 'red' }));
    const scenes = Array.from({ length: 100 }, (_, index) => ({ id: String(index), layers }));
    const unknown = { ...submission, movie: { ...submission.movie, scenes } };
    expect((await withPlan({ minutesPerDay: 5 }, unknown)).statusCode).toBe(403);
  });

  test('the length of a document too large to be checked here is what its scenes state', async () => {
    const layers = Array.from({ length: 101 }, () => ({ type: 'color', color: 'red' }));
    const scenes = Array.from({ length: 100 }, (_, index) => ({ id: String(index), duration: 1, layers }));
    const large = { ...submission, movie: { ...submission.movie, scenes } };
    expect((await withPlan({ filmSecondsMax: 100 }, large)).statusCode).toBe(202);
    expect((await withPlan({ filmSecondsMax: 99 }, large)).statusCode).toBe(403);
  });

  test('minutes that are not there are a 402, by month and by day', async () => {
    const month = await withPlan({ minutesPerMonth: 0.01 });
    expect([month.statusCode, month.json<{ code: string }>().code]).toEqual([402, 'RENDER_QUOTA_EXCEEDED']);
    expect(month.json<{ error: string }>().error).toContain(
      'The film takes 0.03 min; 0.01 min of this month',
    );
    const day = await withPlan({ minutesPerDay: 0.01 });
    expect([day.statusCode, day.json<{ code: string }>().code]).toEqual([402, 'RENDER_QUOTA_DAILY_EXCEEDED']);
  });

  test('more active jobs than the plan allows are a 409', async () => {
    expect((await withPlan({ jobsAtOnce: 1 })).statusCode).toBe(202);
    const answer = await withPlan(
      { jobsAtOnce: 1 },
      { ...submission, renderOptions: { reuseActive: false } },
    );
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      409,
      'CONCURRENCY_LIMIT_EXCEEDED',
    ]);
  });
});

describe('validating', () => {
  const validate = (payload: object) =>
    api.server.inject({
      method: 'POST',
      url: '/v1/render/validate',
      headers: { authorization: `Bearer ${api.anna}` },
      payload,
    });

  test('a valid document has no issues and starts nothing', async () => {
    expect((await validate(submission)).json()).toEqual({ valid: true, issues: [] });
    expect(api.jobs.rows.size).toBe(0);
  });

  test('a bad document answers 200 with its issues', async () => {
    const answer = await validate({ ...submission, movie: { scenes: [] } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ valid: false, issues: [{ path: 'movie.scenes' }] });
  });
});
