import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readByteRange } from '../../../api/byte-range.ts';
import { ObjectLinks } from '../../../api/object-links.ts';
import { RenderError } from '../../../contract/errors.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';

let api: FakeApi;
let link: string;

beforeEach(async () => {
  api = await createFakeApi();
  api.store.objects.set('outputs/job_a/output.mp4', Buffer.from('0123456789'));
  link = new ObjectLinks(api.services, () => null).link('outputs/job_a/output.mp4').url;
});
afterEach(async () => {
  await api.server.close();
});

const get = (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  api.server.inject({ method, url: link, headers });

const brokenStream = () =>
  new Readable({
    read() {
      this.destroy(new RenderError('UNAVAILABLE', 'away'));
    },
  });

const endlessStream = () => {
  const endless = new Readable({ read: () => void endless.push(Buffer.alloc(65_536)) });
  return endless;
};

describe('an object by its link', () => {
  test('is sent whole with its size and type', async () => {
    const answer = await get();
    expect([answer.statusCode, answer.body]).toEqual([200, '0123456789']);
    expect(answer.headers).toMatchObject({
      'content-length': '10',
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    });
  });

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=0-0', '0', 'bytes 0-0/10'],
  ])('%s is a part', async (range, body, contentRange) => {
    const answer = await get({ range });
    expect([answer.statusCode, answer.body]).toEqual([206, body]);
    expect(answer.headers['content-range']).toBe(contentRange);
    expect(answer.headers['content-length']).toBe(String(body.length));
  });

  test('a range behind the end is a 416 that tells the size', async () => {
    const answer = await get({ range: 'bytes=10-' });
    expect([answer.statusCode, answer.headers['content-range']]).toEqual([416, 'bytes */10']);
    expect(answer.json()).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  test('a range of another version is sent whole', async () => {
    const etag = String((await get()).headers.etag);
    expect((await get({ range: 'bytes=2-4', 'if-range': etag })).statusCode).toBe(206);
    expect((await get({ range: 'bytes=2-4', 'if-range': '"old"' })).statusCode).toBe(200);
  });

  test('HEAD tells the size and sends nothing', async () => {
    const answer = await get({}, 'HEAD');
    expect([answer.statusCode, answer.body, answer.headers['content-length']]).toEqual([200, '', '10']);
  });

  test('that is empty is sent', async () => {
    api.store.objects.set('outputs/job_a/output.mp4', Buffer.alloc(0));
    const answer = await get();
    expect([answer.statusCode, answer.body, answer.headers['content-length']]).toEqual([200, '', '0']);
  });

  test.each([
    ['is away', () => Promise.reject(new RenderError('UNAVAILABLE', 'away'))],
    ['breaks off before the first byte', () => Promise.resolve(brokenStream())],
  ])('is a 503 that no browser keeps where the store %s', async (_title, read) => {
    vi.spyOn(api.store, 'read').mockImplementationOnce(read);
    const answer = await get();
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([503, 'UNAVAILABLE']);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'retry-after': '5' });
    expect((await get()).headers['cache-control']).toBe('private, max-age=3600');
  });

  test('that is gone is a 404', async () => {
    api.store.objects.clear();
    expect((await get()).statusCode).toBe(404);
  });
});

describe('readers of one job at once', () => {
  test('are bounded, whatever they read slowly, and others are sent what they ask for', async () => {
    const base = await api.server.listen({ host: '127.0.0.1', port: 0 });
    const urlOf = (jobId: string): string => {
      const links = new ObjectLinks(api.services, () => null);
      const { pathname, search } = new URL(links.link(`outputs/${jobId}/output.mp4`).url);
      return `${base}${pathname}${search}`;
    };
    const read = vi.spyOn(api.store, 'read').mockImplementation(() => Promise.resolve(endlessStream()));
    vi.spyOn(api.store, 'stat').mockImplementation((key) =>
      Promise.resolve({ key, bytes: 1e9, modifiedAt: new Date(0) }),
    );
    const leave = new AbortController();
    const slow = Array.from({ length: 100 }, () => fetch(urlOf('job_a'), { signal: leave.signal }));
    for (const answer of await Promise.all(slow)) expect(answer.status).toBe(200);
    const refused = await fetch(urlOf('job_a'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
    expect(read).toHaveBeenCalledTimes(100);
    expect((await fetch(urlOf('job_a'), { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(urlOf('job_b'), { signal: leave.signal })).status).toBe(200);
    leave.abort();
    const again = new AbortController();
    await vi.waitFor(async () => {
      expect((await fetch(urlOf('job_a'), { signal: again.signal })).status).toBe(200);
    });
    again.abort();
  });
});

describe('a link', () => {
  const status = async (url: string): Promise<number> => (await api.server.inject(url)).statusCode;

  test('for another object, another time or with another signature is a 403', async () => {
    api.store.objects.set('outputs/job_b/output.mp4', Buffer.from('secret'));
    expect(await status(link.replace('job_a', 'job_b'))).toBe(403);
    expect(await status(link.replace(/expires=\d+/, 'expires=9999999999'))).toBe(403);
    expect(await status(link.replace(/signature=.{4}/, 'signature=0000'))).toBe(403);
  });

  test('without a signature is a 400', async () => {
    expect(await status(link.replace(/&signature=.*/, ''))).toBe(400);
  });

  test('past its time is a 403', async () => {
    api.time.now = new Date('2026-01-01T13:00:01Z');
    const answer = await api.server.inject(link);
    expect(answer.statusCode).toBe(403);
    expect(answer.json<{ error: string }>().error).toContain('expired');
  });

  test('never stands in the log', async () => {
    await api.server.inject(link);
    const signature = new URL(link).searchParams.get('signature') ?? 'none';
    expect(api.logged.length).toBeGreaterThan(0);
    expect(api.logged.join()).not.toContain(signature);
  });

  test('begins with the public address where one is set', () => {
    const settings = { ...api.services.settings, PUBLIC_BASE_URL: 'https://films.example/' };
    const { url } = new ObjectLinks({ ...api.services, settings }, () => 1).link('outputs/a/output.mp4');
    expect(url).toMatch(/^https:\/\/films\.example\/objects\/outputs\/a\/output\.mp4\?/);
  });

  test.each([
    ['0.0.0.0', 'http://127.0.0.1:9'],
    ['::', 'http://127.0.0.1:9'],
    ['::1', 'http://[::1]:9'],
    ['10.1.2.3', 'http://10.1.2.3:9'],
  ])('of a server on %s begins with %s', (host, start) => {
    const settings = { ...api.services.settings, API_HOST: host };
    expect(new ObjectLinks({ ...api.services, settings }, () => 9).link('a/b').url).toMatch(
      `${start}/objects/`,
    );
  });
});

describe('reading a range', () => {
  test.each(['bytes=', 'bytes=-', 'bytes=a-b', 'bytes=5-2', 'bytes=0-1,3-4', 'frames=1-2', 'bytes=1e3-'])(
    '"%s" counts as no range',
    (header) => {
      expect(readByteRange(header, 10)).toEqual({ kind: 'whole' });
    },
  );

  test('nothing of an empty object can be asked for', () => {
    expect(readByteRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' });
    expect(readByteRange('bytes=-5', 0)).toEqual({ kind: 'unsatisfiable' });
    expect(readByteRange('bytes=-0', 10)).toEqual({ kind: 'unsatisfiable' });
  });

  test('a suffix longer than the object is all of it', () => {
    expect(readByteRange('bytes=-99', 10)).toEqual({ kind: 'part', start: 0, end: 9 });
  });
});
