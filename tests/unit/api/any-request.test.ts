// Random requests to every route: a small sister of `npm run test:fuzz` that needs no other program.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ErrorBody } from '../../../contract/answers.ts';
import { nearlyValidMovie } from '../../support/any-movie.ts';
import { createFakeApi, type FakeApi, submission } from '../../support/fake-api.ts';

let api: FakeApi;
let routes: readonly { readonly method: string; readonly url: string }[];

beforeAll(async () => {
  api = await createFakeApi();
  await api.server.ready();
  // What the server tells of itself.
  const { paths } = api.server.swagger() as { paths: Record<string, Record<string, unknown>> };
  routes = Object.entries(paths).flatMap(([url, methods]) =>
    // A stream of a job that is queued has no end to wait for.
    url.endsWith('/progress')
      ? []
      : Object.keys(methods).map((method) => ({ method: method.toUpperCase(), url })),
  );
});
afterAll(async () => {
  await api.services.judge.close();
  await api.server.close();
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('1', 'job_1', 'project_anna', 'anna', '-1', '1e999', '../..', '\u0000', '\ud800', ''),
);
const body = fc.oneof(
  fc.constant(undefined),
  fc.json({ maxDepth: 4 }),
  fc.string(),
  nearlyValidMovie.map((movie) => JSON.stringify({ ...submission, movie })),
  fc.record({ name: text, projectId: text }, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
);
const request = fc.record({
  route: fc.nat(),
  id: text,
  query: fc.dictionary(fc.constantFrom('limit', 'cursor', 'projectId', 'parentJobId', 'type', 'name'), text),
  body,
  headers: fc.dictionary(
    fc.constantFrom('idempotency-key', 'content-type', 'range', 'if-range', 'last-event-id'),
    fc.oneof(fc.string(), fc.constant('application/json'), fc.constant('bytes=0-')),
  ),
});

test('no request is answered 5xx, and every refusal has the form of one', async () => {
  const seen = new Set<number>();
  const property = fc.asyncProperty(request, async ({ route, id, query, body: payload, headers }) => {
    const { method, url } = routes[route % routes.length] ?? { method: 'GET', url: '/' };
    const path = url.replaceAll(/\{[^}]+\}/g, encodeURIComponent(Buffer.from(id).toString()));
    const search = new URLSearchParams(query).toString();
    const answer = await api.server.inject({
      // One of the methods that were read from the description.
      method: method as 'GET',
      url: `${path}?${search}`,
      headers: { 'content-type': 'application/json', ...printable(headers), 'x-api-key': api.anna },
      ...(payload === undefined ? {} : { payload }),
    });
    seen.add(answer.statusCode);
    expect(answer.statusCode, `${method} ${path}?${search} ${answer.body}`).toBeLessThan(500);
    if (answer.statusCode >= 400 && method !== 'HEAD')
      expect(ErrorBody.safeParse(answer.json()).success).toBe(true);
  });
  await fc.assert(property, { numRuns: 600, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false });
  expect([...seen]).toEqual(expect.arrayContaining([200, 400, 404]));
});

/** A client cannot send other letters in a header. */
function printable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll(/[^\x20-\x7e]/g, '?')]),
  );
}
