import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobView } from '../../../contract/job.ts';
import { RenderSubmission } from '../../../contract/submission.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await createFakeApi();
});
afterEach(async () => {
  await api.server.close();
});

const mediaData = {
  duration: 2,
  width: 640,
  height: 360,
  fileSize: 5,
  fps: 30,
  videoCodec: 'h264',
  audioCodec: 'aac',
  sha256: 'ab',
};

function addJob(jobId: string, patch: Parameters<FakeApi['jobs']['add']>[0] | object = {}): void {
  api.jobs.add({
    jobId,
    userId: 'user_anna',
    projectId: 'project_anna',
    submission: RenderSubmission.parse(submission),
    ...patch,
  });
}

function addDoneJob(jobId: string): void {
  addJob(jobId, { status: 'done', progress: 1, outputKey: `outputs/${jobId}/output.mp4`, mediaData });
  api.store.objects.set(`outputs/${jobId}/output.mp4`, Buffer.from('movie'));
  api.store.objects.set(`outputs/${jobId}/thumbnail.jpg`, Buffer.from('jpg'));
  addPlan(jobId, '{"planVersion":1}');
}

function addPlan(jobId: string, text: string): void {
  api.store.objects.set(`render-plans/${jobId}/plan.json`, Buffer.from(text));
  const plan = createHash('sha256').update(text).digest('hex');
  api.planHashes.rows.set(jobId, { plan, sources: '' });
}

function addScene(jobId: string, parentJobId: string, status: 'done' | 'queued' = 'done'): void {
  addJob(jobId, {
    parentJobId,
    type: 'render.scene',
    sceneId: 'one',
    sceneIndex: 0,
    status,
    submission: null,
  });
}

const call = (method: 'GET' | 'POST' | 'DELETE', url: string, key = api.anna) =>
  api.server.inject({ method, url, headers: { 'x-api-key': key } });

describe('a job', () => {
  test('is shown with its document, the counts of its scenes and no output before it is done', async () => {
    addJob('job_a');
    addScene('scene_job_a_0001', 'job_a');
    addScene('scene_job_a_0002', 'job_a', 'queued');
    const view = (await call('GET', '/v1/jobs/job_a')).json<JobView>();
    expect(view).toMatchObject({
      jobId: 'job_a',
      type: 'render',
      status: 'queued',
      parentJobId: null,
      outputUrl: null,
      children: { total: 2, succeeded: 1, running: 0, queued: 1, failed: 0, cached: 0 },
      payload: { projectId: 'project_anna', movie: { title: 'A film' } },
    });
    expect(Object.keys(view.payload as object)).toEqual(['projectId', 'movie']);
  });

  test('that is done has a link that gives its bytes without a key', async () => {
    addDoneJob('job_a');
    const { outputUrl } = (await call('GET', '/v1/jobs/job_a')).json<JobView>();
    expect(outputUrl).toMatch(/^http:\/\/127\.0\.0\.1:8787\/objects\/outputs\/job_a\/output\.mp4\?/);
    expect((await api.server.inject(outputUrl ?? '')).body).toBe('movie');
  });

  test('of a scene has no children and its full type', async () => {
    addJob('job_a');
    addScene('scene_job_a_0001', 'job_a');
    const view = (await call('GET', '/v1/jobs/scene_job_a_0001')).json<JobView>();
    expect(view).toMatchObject({
      type: 'render.scene',
      parentJobId: 'job_a',
      sceneId: 'one',
      children: null,
    });
  });

  test('of another user is not found, whatever is asked of it', async () => {
    addDoneJob('job_a');
    const asked = [
      ['GET', ''],
      ['GET', '/progress'],
      ['GET', '/plan'],
      ['GET', '/artifacts'],
      ['POST', '/cancel'],
      ['POST', '/retry'],
      ['DELETE', ''],
    ] as const;
    for (const [method, path] of asked) {
      const answer = await call(method, `/v1/jobs/job_a${path}`, api.ben);
      expect([path, answer.statusCode]).toEqual([path, 404]);
      expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(api.jobs.rows.has('job_a')).toBe(true);
  });

  test('with an id that can be none is refused before the database sees it', async () => {
    expect((await call('GET', '/v1/jobs/a%00b')).statusCode).toBe(400);
  });
});

describe('the list of jobs', () => {
  type List = { jobs: JobView[]; nextCursor: string | null };

  test('comes newest first, in pages that meet', async () => {
    for (const name of ['a', 'b', 'c']) addJob(`job_${name}`);
    addScene('scene_job_a_0001', 'job_a');
    const first = (await call('GET', '/v1/jobs?limit=2')).json<List>();
    expect(first.jobs.map(({ jobId }) => jobId)).toEqual(['job_c', 'job_b']);
    const last = (await call('GET', `/v1/jobs?limit=2&cursor=${first.nextCursor}`)).json<List>();
    expect(last.jobs.map(({ jobId }) => jobId)).toEqual(['job_a']);
    expect(last.nextCursor).toBeNull();
  });

  test('is narrowed by status, by the public type and to the scenes of a job', async () => {
    addJob('job_a');
    addDoneJob('job_b');
    addScene('scene_job_a_0001', 'job_a');
    const ids = async (query: string): Promise<string[]> =>
      (await call('GET', `/v1/jobs?${query}`)).json<List>().jobs.map(({ jobId }) => jobId);
    expect(await ids('status=done')).toEqual(['job_b']);
    expect(await ids('type=render')).toEqual(['job_b', 'job_a']);
    expect(await ids('type=render.finalize')).toEqual([]);
    expect(await ids('parentJobId=job_a')).toEqual(['scene_job_a_0001']);
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'status=lost', 'type=song', 'cursor='])(
    'refuses %s by name',
    async (query) => {
      const answer = await call('GET', `/v1/jobs?${query}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ details: [{ path: `query.${query.split('=')[0] ?? ''}` }] });
    },
  );
});

describe('requests without a body', () => {
  test.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
    'may name %s all the same, as many clients do',
    async (type) => {
      addJob('job_a', { status: 'waiting' });
      addJob('job_b', { status: 'failed' });
      api.temporal.known.add('job_a');
      const send = async (method: 'POST' | 'DELETE', url: string, length: Record<string, string>) => {
        const headers = { 'x-api-key': api.anna, 'content-type': type, ...length };
        return (await api.server.inject({ method, url, headers })).statusCode;
      };
      expect(await send('POST', '/v1/jobs/job_a/cancel', { 'content-length': '0' })).toBe(202);
      expect(await send('POST', '/v1/jobs/job_b/retry', {})).toBe(202);
      expect(await send('DELETE', '/v1/jobs/job_b', {})).toBe(204);
      expect(await send('POST', '/v1/projects', { 'content-length': '0' })).toBe(400);
    },
  );
});

describe('cancelling', () => {
  test('asks the workflow, which ends the job', async () => {
    addJob('job_a', { status: 'waiting' });
    api.temporal.known.add('job_a');
    const answer = await call('POST', '/v1/jobs/job_a/cancel');
    expect([answer.statusCode, answer.json<JobView>().status]).toEqual([202, 'waiting']);
    expect(api.temporal.cancelled).toEqual(['job_a']);
  });

  test('takes the job away from equal submissions, which get a new one', async () => {
    const submit = async () =>
      (
        await api.server.inject({
          method: 'POST',
          url: '/v1/render/jobs',
          payload: submission,
          headers: { 'x-api-key': api.anna },
        })
      ).json<{ jobId: string }>().jobId;
    const first = await submit();
    await vi.waitFor(() => expect(api.temporal.known.has(first)).toBe(true));
    expect(await submit()).toBe(first);
    expect((await call('POST', `/v1/jobs/${first}/cancel`)).json<JobView>().status).toBe('queued');
    expect(await submit()).not.toBe(first);
  });

  test('ends a job itself that Temporal never heard of, for good', async () => {
    addJob('job_a');
    api.jobs.unsent.add('job_a');
    const answer = await call('POST', '/v1/jobs/job_a/cancel');
    expect(answer.json<JobView>().status).toBe('cancelled');
    expect(api.jobs.unsent.size).toBe(0);
  });

  test('changes nothing while Temporal is away', async () => {
    addJob('job_a', { status: 'running' });
    api.temporal.isAway = true;
    const answer = await call('POST', '/v1/jobs/job_a/cancel');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.body).not.toContain('10.0.0.8');
    expect(api.jobs.rows.get('job_a')?.status).toBe('running');
  });

  test.each(['done', 'failed', 'cancelled'] as const)('a job that is %s is a 409', async (status) => {
    addJob('job_a', { status });
    const answer = await call('POST', '/v1/jobs/job_a/cancel');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([409, 'INVALID_STATE']);
  });

  test('a scene alone is a 409', async () => {
    addScene('scene_job_a_0001', 'job_a', 'queued');
    expect((await call('POST', '/v1/jobs/scene_job_a_0001/cancel')).statusCode).toBe(409);
  });
});

describe('removing', () => {
  test('takes the job and all that is its own, and leaves the cache', async () => {
    addDoneJob('job_a');
    addDoneJob('job_ab');
    api.store.objects.set('intermediates/job_a/scene_0.mp4', Buffer.from('x'));
    api.store.objects.set('cache/scenes/ff.mp4', Buffer.from('x'));
    const answer = await call('DELETE', '/v1/jobs/job_a');
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(api.jobs.rows.has('job_a')).toBe(false);
    const left = [...api.store.objects.keys()];
    expect(left.filter((key) => key.includes('/job_a/'))).toEqual([]);
    expect(left).toContain('cache/scenes/ff.mp4');
    expect(left).toContain('outputs/job_ab/output.mp4');
  });

  test('an active job is a 409 and keeps everything', async () => {
    addJob('job_a', { status: 'running' });
    api.store.objects.set('intermediates/job_a/scene_0.mp4', Buffer.from('x'));
    expect((await call('DELETE', '/v1/jobs/job_a')).statusCode).toBe(409);
    expect(api.store.objects.size).toBe(1);
  });

  test('keeps the job while the store is away, so that it can be removed again', async () => {
    addDoneJob('job_a');
    api.store.isAway = true;
    const answer = await call('DELETE', '/v1/jobs/job_a');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain('10.0.0.7');
    expect(api.jobs.rows.has('job_a')).toBe(true);
  });
});

describe('retrying', () => {
  test('starts a new job from the same document', async () => {
    addJob('job_a', { status: 'failed' });
    const answer = await call('POST', '/v1/jobs/job_a/retry');
    expect(answer.statusCode).toBe(202);
    const { jobId } = answer.json<{ jobId: string }>();
    expect(jobId).not.toBe('job_a');
    expect(api.jobs.rows.get(jobId)?.submission).toEqual(api.jobs.rows.get('job_a')?.submission);
    await vi.waitFor(() => expect(api.temporal.known.has(jobId)).toBe(true));
  });

  test('an active job or a scene is a 409', async () => {
    addJob('job_a', { status: 'waiting' });
    addScene('scene_job_a_0001', 'job_a');
    expect((await call('POST', '/v1/jobs/job_a/retry')).statusCode).toBe(409);
    expect((await call('POST', '/v1/jobs/scene_job_a_0001/retry')).statusCode).toBe(409);
  });
});

describe('results', () => {
  test('the plan is streamed, and not found until there is one', async () => {
    addJob('job_new');
    addDoneJob('job_a');
    expect((await call('GET', '/v1/jobs/job_new/plan')).statusCode).toBe(404);
    const answer = await call('GET', '/v1/jobs/job_a/plan');
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.json()).toEqual({ planVersion: 1 });
  });

  test('a plan that was damaged where it lies is not taken for one', async () => {
    addDoneJob('job_a');
    api.store.objects.set('render-plans/job_a/plan.json', Buffer.from('{"planVersion":2}'));
    const answer = await call('GET', '/v1/jobs/job_a/plan');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([500, 'PLAN_UNAVAILABLE']);
    api.planHashes.rows.clear();
    expect((await call('GET', '/v1/jobs/job_a/plan')).statusCode).toBe(404);
  });

  test('a plan of many pieces is cut off before its end where it is damaged', async () => {
    addDoneJob('job_a');
    const pieces = ['{"scenes":', `"${'x'.repeat(100_000)}"`, '}'];
    addPlan('job_a', pieces.join(''));
    const read = vi.spyOn(api.store, 'read');
    const get = async () => {
      const answer = await fetch(`${url}/v1/jobs/job_a/plan`, { headers: { 'x-api-key': api.anna } });
      return answer.text();
    };
    const url = await api.server.listen({ host: '127.0.0.1', port: 0 });
    read.mockResolvedValueOnce(Readable.from(pieces.map((piece) => Buffer.from(piece))));
    expect(await get()).toBe(pieces.join(''));
    const damaged = Readable.from(
      ['{"scenes":', `"${'y'.repeat(100_000)}"`, '}'].map((piece) => Buffer.from(piece)),
    );
    read.mockResolvedValueOnce(damaged);
    await expect(get()).rejects.toThrow('terminated');
  });

  test('artifacts are those that are there, with links that work', async () => {
    addDoneJob('job_a');
    const { artifacts } = (await call('GET', '/v1/jobs/job_a/artifacts')).json<{
      artifacts: { name: string; bytes: number; url: string; expiresAt: string }[];
    }>();
    expect(artifacts.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['output.mp4', 5],
      ['thumbnail.jpg', 3],
    ]);
    expect(artifacts[0]?.expiresAt).toBe('2026-01-01T13:00:00.000Z');
    expect((await api.server.inject(artifacts[1]?.url ?? '')).headers['content-type']).toBe('image/jpeg');
  });

  test('a job that is not done shows no artifacts, even where bytes lie there already', async () => {
    addDoneJob('job_a');
    api.jobs.change('job_a', { status: 'running' });
    expect((await call('GET', '/v1/jobs/job_a/artifacts')).json()).toEqual({ artifacts: [] });
  });
});
