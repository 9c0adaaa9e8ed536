import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { limitBodyTime } from '../../../api/body-deadline.ts';
import { errorAnswer, sendError } from '../../../api/error-answer.ts';
import { type ErrorCode, errorCatalogue, RenderError } from '../../../contract/errors.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;

beforeEach(async () => {
  api = await createFakeApi();
});
afterEach(async () => {
  await api.server.close();
});

const get = (url: string, headers: Record<string, string> = { 'x-api-key': api.anna }) =>
  api.server.inject({ url, headers });

describe('keys', () => {
  test('are taken from either header', async () => {
    expect((await get('/v1/me')).json()).toEqual({
      userId: 'user_anna',
      plan: 'unlimited',
      email: 'anna@example.com',
    });
    expect((await get('/v1/me', { authorization: `bearer ${api.ben}` })).json()).toMatchObject({
      userId: 'user_ben',
    });
  });

  test.each([
    ['none', ''],
    ['of another form', 'hello'],
    ['unknown', 'sm_carl.secret-of-carl-0123456789'],
    ['with a wrong secret', 'sm_anna.secret-of-ben-01234567890'],
    ['with a secret that is nearly right', 'sm_anna.secret-of-anna-012345678'],
    ['with more behind it', 'sm_anna.secret-of-anna-0123456789 x'],
  ])('%s is a 401 that does not tell why', async (_title, key) => {
    const answer = await get('/v1/me', { 'x-api-key': key });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([401, 'UNAUTHORIZED']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  test('that were revoked say so, but only to those who know the secret', async () => {
    await api.accounts.revokeKey('user_anna', 'anna');
    expect((await get('/v1/me')).json()).toMatchObject({ code: 'API_KEY_REVOKED' });
    const guess = await get('/v1/me', { 'x-api-key': 'sm_anna.a-guess-of-the-secret' });
    expect(guess.json()).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('have their last use recorded once a minute, and a failure of that fails nothing', async () => {
    const touch = vi.spyOn(api.accounts, 'touchKey').mockRejectedValueOnce(new Error('away'));
    expect((await get('/v1/me')).statusCode).toBe(200);
    await get('/v1/me');
    api.time.now = new Date(api.time.now.getTime() + 60_000);
    await get('/v1/me');
    expect(touch).toHaveBeenCalledTimes(2);
  });

  test('never stand in the log', async () => {
    await get('/v1/me');
    expect(api.logged.join()).toContain('"userId":"user_anna"');
    expect(api.logged.join()).not.toContain('secret-of-anna');
  });
});

describe('errors', () => {
  test('of a route that is not there are in the same form', async () => {
    const answer = await get('/v1/nothing');
    expect([answer.statusCode, answer.json()]).toEqual([
      404,
      {
        code: 'NOT_FOUND',
        error: 'There is no such route. GET /openapi.json lists all of them, /docs is a page to read.',
      },
    ]);
  });

  test('of ours are told by the request id, and logged with the place but without a text that may quote anything', async () => {
    vi.spyOn(api.accounts, 'listProjects').mockRejectedValueOnce(new Error('password=hunter2'));
    const answer = await get('/v1/projects');
    const { error, code } = answer.json<{ error: string; code: string }>();
    expect([answer.statusCode, code]).toEqual([500, 'INTERNAL']);
    expect(error).toContain(String(answer.headers['x-request-id']));
    expect(answer.body).not.toContain('hunter2');
    const line = api.logged.find((logged) => logged.includes('a request failed')) ?? '';
    expect(line).toContain(`"reqId":"${String(answer.headers['x-request-id'])}"`);
    expect(line).toContain('errors.test.ts');
    expect(api.logged.join()).not.toContain('hunter2');
  });

  test.each([
    ['/v1/jobs/%zz', 400],
    ['/objects/%zz?expires=1&signature=a-secret', 400],
    [`/v1/jobs/${'a'.repeat(200)}`, 414],
  ])('of an address that cannot be read, %s, are in the same form and quote nothing', async (url, status) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      { code: 'VALIDATION_ERROR', error: 'The address of the request is not valid.' },
    ]);
  });

  test('of parts out of reach are a 503 that says when to come back', async () => {
    const away = new RenderError('UNAVAILABLE', 'connect ECONNREFUSED 10.0.0.9:5432');
    vi.spyOn(api.accounts, 'findKey').mockRejectedValueOnce(away);
    const answer = await get('/v1/me');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.body).not.toContain('10.0.0.9');
  });

  test('of the catalogue keep their status and code', () => {
    for (const code of Object.keys(errorCatalogue) as ErrorCode[]) {
      const { status, body } = errorAnswer(new RenderError(code, 'text'), 'r1');
      expect([status, body.code]).toEqual([errorCatalogue[code].status, code]);
    }
  });

  test('of other libraries do not set the status', () => {
    const error = Object.assign(new Error('bucket gone'), { statusCode: 404, code: 'NoSuchBucket' });
    expect(errorAnswer(error, 'r1')).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(errorAnswer('a text', 'r1').status).toBe(500);
    expect(errorAnswer(null, 'r1').status).toBe(500);
  });

  test('carry the hint', () => {
    const { body } = errorAnswer(new RenderError('INVALID_STATE', 'No.', { hint: 'Wait.' }), 'r1');
    expect(body.error).toBe('No. Wait.');
  });
});

describe('connections that do not behave', () => {
  test('what is no HTTP is answered in the same form', async () => {
    await api.server.listen({ host: '127.0.0.1', port: 0 });
    const answer = await speak((api.server.server.address() as AddressInfo).port, 'hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"VALIDATION_ERROR"');
  });

  test('a body that trickles in for ever is a 408', async () => {
    const server = fastify();
    server.setErrorHandler(sendError);
    server.addHook('preParsing', limitBodyTime(50));
    server.post('/', () => ({}));
    await server.listen({ host: '127.0.0.1', port: 0 });
    const head =
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a"';
    const answer = await speak((server.server.address() as AddressInfo).port, head);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"VALIDATION_ERROR"');
    await server.close();
  });

  test('a body in time is not cut off', async () => {
    const server = fastify();
    server.addHook('preParsing', limitBodyTime(1000));
    server.post('/', (request) => request.body);
    const answer = await server.inject({ method: 'POST', url: '/', payload: { a: 1 } });
    expect(answer.json()).toEqual({ a: 1 });
    await server.close();
  });
});

/** Sends bytes and resolves with all that comes back until the server closes. */
function speak(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}
