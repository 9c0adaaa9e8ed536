import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../../tools/child-process.ts';
import { freePort } from '../../../tools/ports.ts';
import { ensureNamespace, ensureSearchAttributes } from '../../../tools/prepare-temporal.ts';
import { checkTemporalServer, startTemporal, type TemporalPorts } from '../../../tools/temporal.ts';
import { findTemporal } from '../../../tools/temporal-binary.ts';
import { waitUntil } from '../../../tools/wait-until.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temporal-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const fourPorts = async (): Promise<TemporalPorts> => ({
  grpc: await freePort(),
  ui: await freePort(),
  http: await freePort(),
  metrics: await freePort(),
});

describe('a Temporal dev server', () => {
  it('takes workflows as soon as its start resolves, knows our search attributes, and keeps its file', async () => {
    const { path: binary } = await findTemporal();
    const dataFile = join(folder, 'temporal.db');
    const server = await startTemporal({ binary, dataFile, ports: await fourPorts(), isHeadless: true });
    const connection = await Connection.connect({ address: server.address });
    const known = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(known.customAttributes)).toEqual(
      expect.arrayContaining(['JobId', 'ProjectId', 'UserId', 'Phase']),
    );
    await connection.workflowService.updateNamespace({
      namespace: 'default',
      updateInfo: { description: 'kept' },
    });
    await connection.close();
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    const again = await startTemporal({ binary, dataFile, ports: await fourPorts(), isHeadless: true });
    const second = await Connection.connect({ address: again.address });
    const { namespaceInfo } = await second.workflowService.describeNamespace({ namespace: 'default' });
    expect(namespaceInfo?.description).toBe('kept');
    await second.close();
    await again.stop();
  });

  it('of somebody else is taught our search attributes, once', async () => {
    const { path: binary } = await findTemporal();
    const server = await startTemporal({
      binary,
      dataFile: null,
      ports: await fourPorts(),
      isHeadless: true,
    });
    const connection = await Connection.connect({ address: server.address });
    await connection.operatorService.removeSearchAttributes({
      namespace: 'default',
      searchAttributes: ['Phase'],
    });
    await ensureSearchAttributes(server.address, 'default');
    await ensureSearchAttributes(server.address, 'default');
    const known = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(known.customAttributes)).toContain('Phase');
    await connection.close();
    await server.stop();
  });

  it('of somebody else is given a namespace of ours, once', async () => {
    const { path: binary } = await findTemporal();
    const server = await startTemporal({
      binary,
      dataFile: null,
      ports: await fourPorts(),
      isHeadless: true,
    });
    await expect(checkTemporalServer(server.address, 'films')).rejects.toThrow();
    await ensureNamespace(server.address, 'films');
    await ensureNamespace(server.address, 'films');
    await waitUntil(() => checkTemporalServer(server.address, 'films'), { what: 'films', timeoutMs: 30_000 });
    await waitUntil(() => ensureSearchAttributes(server.address, 'films'), {
      what: 'films',
      timeoutMs: 30_000,
    });
    await server.stop();
  });

  it('that found a port taken is started again', async () => {
    const { path } = await findTemporal();
    const binary = join(folder, 'temporal-second');
    const mark = join(folder, 'started-once');
    await writeFile(
      binary,
      `#!/bin/sh\n[ -e '${mark}' ] || { touch '${mark}'; echo 'address already in use' >&2; exit 2; }\nexec '${path}' "$@"\n`,
    );
    await chmod(binary, 0o755);
    const server = await startTemporal({
      binary,
      dataFile: null,
      ports: await fourPorts(),
      isHeadless: true,
    });
    await checkTemporalServer(server.address);
    await server.stop();
  });

  it('that ends at once fails with what it said', async () => {
    const binary = join(folder, 'temporal');
    await writeFile(
      binary,
      `#!${process.execPath}\nconsole.error('database is locked'); process.exitCode = 1;\n`,
    );
    await chmod(binary, 0o755);
    const start = startTemporal({ binary, dataFile: null, ports: await fourPorts() });
    await expect(start).rejects.toThrow(/ended with code 1[^]*database is locked/);
  });
});
