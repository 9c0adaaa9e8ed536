// Clients that are slow, and requests that were made to do harm.
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createServer } from '../../../api/create-server.ts';
import { ObjectLinks } from '../../../api/object-links.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await createFakeApi();
});
afterEach(async () => {
  await api.server.close();
});

const inject = (method: 'GET' | 'POST' | 'DELETE', url: string, key: string, payload?: object | string) =>
  api.server.inject({
    method,
    url,
    headers: { 'x-api-key': key, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(payload === undefined ? {} : { payload }),
  });

describe('a client that is slow', () => {
  const patience = { headersMs: 300, bodyMs: 300, checkMs: 50, idleMs: 500 };
  const onPatience = async (lines: (port: number) => Promise<string>): Promise<string> => {
    const server = createServer(api.services, patience);
    await server.listen({ host: '127.0.0.1', port: 0 });
    try {
      return await lines((server.server.address() as AddressInfo).port);
    } finally {
      await server.close();
    }
  };
  const head = (length: number): string =>
    [
      ...['POST /v1/render/jobs HTTP/1.1', 'host: x', `x-api-key: ${api.anna}`],
      ...['content-type: application/json', `content-length: ${length}`, '', ''],
    ].join('\r\n');

  test('with its head is a 408, though it never stops sending', async () => {
    const answer = await onPatience((port) => drip(port, 'GET /v1/me HTTP/1.1\r\n', 'x-a: 1\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"VALIDATION_ERROR"');
  });

  test('with its body is a 408, though it never stops sending', async () => {
    const answer = await onPatience((port) => drip(port, head(100_000), ' '));
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('to take what it asked for is left, and the stream of the store with it', async () => {
    const key = 'outputs/job_a/output.mp4';
    api.store.objects.set(key, Buffer.alloc(1));
    const large = { key, bytes: 1e9, modifiedAt: new Date() };
    vi.spyOn(api.store, 'stat').mockResolvedValue(large);
    const endless = new Readable({ read: () => void endless.push(Buffer.alloc(65_536)) });
    vi.spyOn(api.store, 'read').mockResolvedValue(endless);
    const { pathname, search } = new URL(new ObjectLinks(api.services, () => null).link(key).url);
    await onPatience(async (port) => {
      const socket = connect(port, '127.0.0.1').pause();
      socket.on('error', () => undefined);
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nhost: x\r\n\r\n`);
      await vi.waitFor(() => expect(endless.readableFlowing).not.toBeNull(), { timeout: 5_000 });
      await vi.waitFor(() => expect(endless.destroyed).toBe(true), { timeout: 5_000 });
      socket.destroy();
      return '';
    });
  });

  test('holds up nobody else', async () => {
    const answer = await onPatience(async (port) => {
      const slow = Array.from({ length: 50 }, () => drip(port, head(100_000), ' '));
      const other = await fetch(`http://127.0.0.1:${port}/v1/me`, { headers: { 'x-api-key': api.anna } });
      expect(other.status).toBe(200);
      const answers = await Promise.all(slow);
      return answers.every((text) => text.startsWith('HTTP/1.1 408 ')) ? 'all were cut' : answers.join();
    });
    expect(answer).toBe('all were cut');
  });
});

describe('ids and names', () => {
  const hostile = ['..%2f..%2fetc', 'a%2fb', 'a%5cb', '%00', 'a%00b', '%2e%2e', "a'--", 'ü', 'a'.repeat(129)];
  const paths = hostile.flatMap((id) => [
    ...[`/v1/jobs/${id}`, `/v1/jobs/${id}/plan`, `/v1/jobs/${id}/artifacts`, `/v1/jobs/${id}/progress`],
    ...[`/v1/assets/${id}`, `/v1/jobs?parentJobId=${id}`, `/v1/jobs?cursor=${id}`, `/objects/${id}`],
  ]);

  test.each(paths)('%s is refused', async (path) => {
    const answer = await inject('GET', path, api.anna);
    // The cursor of the fake is a number, and others are its last page.
    if (path.includes('cursor=')) expect(answer.statusCode).toBeLessThan(500);
    else expect([400, 403, 404, 414]).toContain(answer.statusCode);
  });

  test.each(['a\u0000b', 'a\nb', '', 'x'.repeat(129)])('the project id %j is refused', async (projectId) => {
    const answer = await inject('POST', '/v1/render/jobs', api.anna, { ...submission, projectId });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ details: [{ path: 'projectId' }] });
  });

  test.each(['../../x', 'a/b', '…', '<script>', "'; DROP TABLE jobs; --", '🎬'])(
    'a scene, a title and a project named %j are taken as they are, and no key of ours holds them',
    async (text) => {
      const scenes = [{ ...submission.movie.scenes[0], id: text }];
      const movie = { ...submission.movie, title: text, scenes };
      const answer = await inject('POST', '/v1/render/jobs', api.anna, { ...submission, movie });
      expect(answer.statusCode).toBe(202);
      const { jobId } = answer.json<{ jobId: string }>();
      expect(jobId).toMatch(/^[A-Za-z0-9_-]+$/);
      const project = await inject('POST', '/v1/projects', api.anna, { name: text });
      expect(project.json<{ projectId: string }>().projectId).toMatch(/^[A-Za-z0-9_-]+$/);
    },
  );
});

describe('JSON that is a trap', () => {
  test.each([
    ['a prototype in the middle', '{"kind":"movie","movie":{"__proto__":{"polluted":1}}}'],
    ['a constructor', '{"constructor":{"prototype":{"polluted":1}}}'],
    ['NaN', '{"kind":NaN}'],
    ['Infinity', '{"kind":Infinity}'],
    ['a comment', '{"kind":"movie"/* */}'],
    ['single quotes', "{'kind':'movie'}"],
    ['two values', '{} {}'],
    ['a byte order mark and nothing', '\ufeff'],
    ['NUL', '\u0000'],
    ['100,000 objects in each other', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('%s is a 400', async (_title, payload) => {
    const answer = await inject('POST', '/v1/render/jobs', api.anna, payload);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('the last of two properties of one name holds, as everywhere in JavaScript', async () => {
    const text = JSON.stringify(submission).replace('"kind"', '"projectId":"project_ben","kind"');
    expect((await inject('POST', '/v1/render/jobs', api.anna, text)).statusCode).toBe(202);
    const other = `${JSON.stringify(submission).slice(0, -1)},"projectId":"project_ben"}`;
    expect((await inject('POST', '/v1/render/jobs', api.anna, other)).statusCode).toBe(404);
  });
});

describe("another user's", () => {
  test('job is not found, whatever is asked of it', async () => {
    const { jobId } = (await inject('POST', '/v1/render/jobs', api.anna, submission)).json<{
      jobId: string;
    }>();
    const asked = [
      ...(['', '/plan', '/artifacts', '/progress'] as const).map((part) => ['GET', part] as const),
      ...(['/cancel', '/retry'] as const).map((part) => ['POST', part] as const),
      ['DELETE', ''] as const,
    ];
    for (const [method, part] of asked) {
      const answer = await inject(method, `/v1/jobs/${jobId}${part}`, api.ben);
      expect([part, answer.statusCode]).toEqual([part, 404]);
      expect(answer.body).not.toContain('A film');
    }
    expect((await inject('GET', `/v1/jobs?parentJobId=${jobId}`, api.ben)).json()).toMatchObject({
      jobs: [],
    });
    expect((await inject('GET', '/v1/jobs', api.ben)).json()).toMatchObject({ jobs: [] });
    expect(api.jobs.rows.get(jobId)?.status).toBe('queued');
  });

  test('idempotency key says nothing of their job', async () => {
    const headers = { 'x-api-key': api.anna, 'idempotency-key': 'shared' };
    const request = { method: 'POST', url: '/v1/render/jobs', payload: submission } as const;
    const own = await api.server.inject({ ...request, headers });
    const other = await api.server.inject({ ...request, headers: { ...headers, 'x-api-key': api.ben } });
    expect([own.statusCode, other.statusCode]).toEqual([202, 404]);
  });
});

/** Sends a beginning and then the same drop for ever; resolves with the answer. */
function drip(port: number, beginning: string, drop: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    let timer: NodeJS.Timeout | undefined;
    const socket: Socket = connect(port, '127.0.0.1', () => {
      socket.write(beginning);
      timer = setInterval(() => socket.writable && socket.write(drop), 20);
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    // A reset is how a server ends a connection on which more came than it read.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
}
