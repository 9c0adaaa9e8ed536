import { afterEach, beforeEach, expect, test } from 'vitest';
import { followJob } from '../../../cli/follow-job.ts';
import { events, type FakeApi, fault, jobView, json, startFakeApi } from '../../support/fake-server.ts';

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.close());

const progress = 'GET /v1/jobs/job_1/progress';
const quick = { jobId: 'job_1', pauseMs: 1, streamTriesMax: 2, pollTriesMax: 2 };

async function statesOf(options = {}): Promise<string[]> {
  const { signal } = new AbortController();
  const states: string[] = [];
  for await (const event of followJob(api.client, { ...quick, signal, ...options })) {
    states.push(`${event.status} ${event.progress}`);
  }
  return states;
}

test('states come until the job has ended', async () => {
  api.on(
    progress,
    events(
      { id: 1, job: jobView({ progress: 0.1 }) },
      { id: 2, job: jobView({ status: 'done', progress: 1 }) },
    ),
  );
  expect(await statesOf()).toEqual(['running 0.1', 'done 1']);
});

test('a stream that broke is taken up after the last event that came', async () => {
  api.on(
    progress,
    events({ id: 7, job: jobView({ progress: 0.2 }) }),
    events({ id: 9, job: jobView({ status: 'failed', progress: 0.3 }) }),
  );
  expect(await statesOf()).toEqual(['running 0.2', 'failed 0.3']);
  expect(api.calls.map((call) => call.headers['last-event-id'])).toEqual([undefined, '7']);
});

test('where no stream can be had the job is polled', async () => {
  api.on(progress, fault(503, 'UNAVAILABLE', 'Later.'));
  api.on(
    'GET /v1/jobs/job_1',
    json(jobView({ progress: 0.4 })),
    fault(503, 'UNAVAILABLE', 'Later.'),
    json(jobView({ status: 'done', progress: 1 })),
  );
  expect(await statesOf()).toEqual(['running 0.4', 'done 1']);
  expect(api.calls.filter((call) => call.url.endsWith('/progress'))).toHaveLength(2);
});

test('a job that is not there is an error at once', async () => {
  api.on(progress, fault(404, 'NOT_FOUND', 'There is no such job.'));
  await expect(statesOf()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(api.calls).toHaveLength(1);
});

test('a server that stays away ends the watching with its error', async () => {
  api.on(progress, fault(503, 'UNAVAILABLE', 'Away.'));
  api.on('GET /v1/jobs/job_1', fault(503, 'UNAVAILABLE', 'Away.'));
  await expect(statesOf()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('an abort ends the watching without an error', async () => {
  const stop = new AbortController();
  api.on(progress, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': silent\n\n');
    stop.abort();
  });
  expect(await statesOf({ signal: stop.signal })).toEqual([]);
});
