import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createFakeApi } from '../../support/fake-api.ts';

test('every route that the dashboard or an alert names is one of ours', async () => {
  const api = await createFakeApi();
  await api.server.ready();
  const files = ['grafana-dashboard.json', 'alerts.yaml'].map((name) => `deploy/monitoring/${name}`);
  const text = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
  const named = [...text.matchAll(/route!?=~?\\?"([^"\\]+)/g)].map(([, route]) => route ?? '');
  expect(named).not.toEqual([]);
  for (const url of named) expect([url, api.server.hasRoute({ method: 'GET', url })]).toEqual([url, true]);
  await api.server.close();
});
