import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ObjectLinks } from '../../../api/object-links.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;
const routes: { method: string; url: string }[] = [];
/** What was handed over to be written. */
const sent: unknown[] = [];

beforeEach(async () => {
  routes.length = 0;
  api = await createFakeApi();
  api.server.addHook('onRoute', ({ method, url }) => {
    for (const verb of [method].flat()) routes.push({ method: verb, url });
  });
  sent.length = 0;
  api.server.addHook('onSend', (_request, _reply, payload, done) => {
    sent.push(payload);
    done();
  });
  await api.server.ready();
});

afterEach(async () => {
  await api.server.close();
});

const isOfEveryServer = (header: string): boolean =>
  /^(cache-control|connection|content-(length|security-policy|type)|date|keep-alive|x-content-type-options)$/.test(
    header,
  );

const isOpen = (url: string): boolean =>
  ['/healthz', '/readyz', '/openapi.json'].includes(url) || url.startsWith('/docs') || url === '/objects/*';

describe('authentication of every route', () => {
  test('every route but the public ones answers 401 without a key', async () => {
    const keyed = routes.filter(({ url }) => !isOpen(url));
    expect(keyed.length).toBeGreaterThanOrEqual(21);
    for (const { method, url } of keyed) {
      const answer = await api.server.inject({ method: method as 'GET', url: url.replace(/:\w+/g, 'x') });
      expect({ method, url, status: answer.statusCode }).toEqual({ method, url, status: 401 });
      expect(answer.json<{ code: string }>().code).toBe('UNAUTHORIZED');
    }
  });

  test('health, description and the page of the API need no key', async () => {
    for (const url of ['/healthz', '/readyz', '/openapi.json', '/docs/']) {
      expect((await api.server.inject(url)).statusCode, url).toBe(200);
    }
  });
});

describe('what needs no key', () => {
  test.each(['/openapi.json', '/docs/', '/docs/js/scalar.js'])(
    '%s is made once, and the same bytes go to everybody',
    async (url) => {
      const [first, second] = [await api.server.inject(url), await api.server.inject(url)];
      expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
      expect(sent).toHaveLength(2);
      expect(sent[0]).toBeInstanceOf(Buffer);
      expect(sent[0]).toBe(sent[1]);
      expect(second.body).toBe(first.body);
      expect(second.headers['content-type']).toBe(first.headers['content-type']);
    },
  );
});

describe('the description', () => {
  type Operation = {
    responses: Record<string, { headers?: Record<string, unknown> }>;
    requestBody?: unknown;
    operationId?: string;
    tags: string[];
    parameters?: { name: string; description?: string }[];
  };
  type OpenApi = {
    openapi: string;
    tags: { name: string }[];
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
  };
  const document = async (): Promise<OpenApi> => (await api.server.inject('/openapi.json')).json<OpenApi>();

  test('names every route with its answers', async () => {
    const { openapi, paths } = await document();
    expect(openapi).toMatch(/^3\.1/);
    const isHidden = (url: string): boolean => url.startsWith('/docs') || url === '/openapi.json';
    for (const { method, url } of routes.filter((route) => !isHidden(route.url))) {
      const path = url.replace(/:(\w+)/g, '{$1}').replace('*', '{*}');
      const operation = paths[path]?.[method.toLowerCase()];
      expect(operation, `${method} ${url}`).toBeDefined();
      expect(Object.keys(operation?.responses ?? {}).length).toBeGreaterThan(0);
    }
  });

  test('holds the schemas of documents and jobs, and no name that leads nowhere', async () => {
    const whole = await document();
    const { schemas } = whole.components;
    expect(Object.keys(schemas.Job?.properties ?? {})).toContain('outputUrl');
    expect(Object.keys(schemas.RenderSubmissionInput?.properties ?? {})).toContain('movie');
    expect(whole.paths['/v1/render/jobs']?.post?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/RenderSubmissionInput' } } },
    });
    const named = [...JSON.stringify(whole).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, id]) => id,
    );
    expect([...new Set(named)].sort()).toEqual(Object.keys(schemas).sort());
  });

  test('tells what fields and parameters mean, in the words of the contract', async () => {
    const { paths, components } = await document();
    const { Job, MovieInput, Error: error } = components.schemas;
    for (const property of [
      Job?.properties?.progress,
      MovieInput?.properties?.width,
      error?.properties?.details,
    ])
      expect(property).toMatchObject({ description: expect.stringMatching(/^\S.+\S$/) as string });
    const asked = Object.values(paths).flatMap((methods) => Object.values(methods));
    const parameters = asked.flatMap((operation) => operation.parameters ?? []);
    const untold = parameters.filter((parameter) => parameter.description === undefined);
    expect([...new Set(untold.map(({ name }) => name))].sort()).toEqual([]);
  });

  test('says what each answer is, and knows the topic of each route', async () => {
    const whole = await document();
    expect(JSON.stringify(whole)).not.toContain('Default Response');
    const topics = whole.tags.map(({ name }) => name);
    const used = Object.values(whole.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(used.flatMap(({ tags }) => tags))).toEqual(new Set(topics));
    // By these programs name the calls of the clients that they make of the description.
    const names = used.map(({ operationId }) => operationId);
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
  });

  test('tells each header of an answer that is not one of every server', async () => {
    const { paths } = await document();
    const key = 'outputs/job_a/output.mp4';
    api.store.objects.set(key, Buffer.from('0123456789'));
    const film = new ObjectLinks(api.services, () => null).link(key).url;
    const anna = { 'x-api-key': api.anna };
    const asset = '/v1/assets?projectId=project_anna&name=beep.wav';
    const asked = [
      ['/v1/jobs', { url: '/v1/jobs', headers: anna }, '200', []],
      ['/v1/jobs', { url: '/v1/jobs' }, '4XX', ['www-authenticate']],
      ['/v1/render/jobs', { method: 'POST', headers: anna, payload: submission }, '202', ['location']],
      ['/v1/assets', { method: 'POST', url: asset, headers: anna, payload: 'x' }, '202', ['location']],
      ['/objects/{*}', { url: film }, '200', ['accept-ranges', 'etag']],
      ['/objects/{*}', { url: film, headers: { range: 'bytes=2-4' } }, '206', ['content-range', 'etag']],
      ['/objects/{*}', { url: film, headers: { range: 'bytes=10-' } }, '4XX', ['content-range']],
    ] as const;
    for (const [path, question, status, some] of asked) {
      const { headers, statusCode } = await api.server.inject({ url: path, ...question });
      expect(String(statusCode), path).toMatch(new RegExp(status.replace('XX', '..')));
      const own = Object.keys(headers).filter((name) => !isOfEveryServer(name));
      expect(own, path).toEqual(expect.arrayContaining([...some, 'x-request-id']));
      const operation = paths[path]?.['method' in question ? 'post' : 'get'];
      expect(Object.keys(operation?.responses[status]?.headers ?? {}), path).toEqual(
        expect.arrayContaining(own),
      );
    }
  });

  test('says of a stream what its events carry', async () => {
    const { paths } = await document();
    const data = { type: 'string', contentSchema: { $ref: '#/components/schemas/JobEvent' } };
    expect(paths['/v1/jobs/{jobId}/progress']?.get?.responses['200']).toMatchObject({
      content: { 'text/event-stream': { schema: { properties: { data } } } },
    });
  });

  test('the page of the API asks no foreign host', async () => {
    const { body: page, headers } = await api.server.inject('/docs/');
    expect(page).toContain('<title>scenemill API</title>');
    expect(page).not.toMatch(/(src|href)="https?:/);
    // Its program fetches fonts unless it is told not to; a browser keeps it to this in any case.
    expect(page).toMatch(/"withDefaultFonts":\s*false/);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  test('the page of the API comes with its program', async () => {
    expect((await api.server.inject('/docs')).headers.location).toBe('/docs/');
    expect((await api.server.inject('/docs/')).body).toContain('"js/scalar.js"');
    const program = await api.server.inject('/docs/js/scalar.js');
    expect(program.headers['content-type']).toMatch(/^text\/javascript|^application\/javascript/);
    expect(program.rawPayload.length).toBeGreaterThan(1_000_000);
  });
});
