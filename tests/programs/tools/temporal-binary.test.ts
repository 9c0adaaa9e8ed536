import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../tools/ports.ts';
import { temporalArguments } from '../../../tools/temporal.ts';
import {
  findTemporal,
  isFitServer,
  parseServerVersion,
  type TemporalWay,
  temporalWays,
} from '../../../tools/temporal-binary.ts';
import { downloadTemporal } from '../../../tools/temporal-download.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temporal-binary-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function program(name: string, server: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(
    path,
    `#!${process.execPath}\nconsole.log('temporal version 0.0.0-DEV (Server ${server}, UI 2.42.1)')\n`,
  );
  await chmod(path, 0o755);
  return path;
}

const way = (name: string, find: () => Promise<string | null>): TemporalWay => ({ name, find });

describe('the search for a Temporal server', () => {
  it('takes the first way that gives one, and tries no other', async () => {
    const path = await program('temporal', '1.29.1');
    let tried = 0;
    const found = await findTemporal({
      ways: [
        way('nothing', () => Promise.resolve(null)),
        way('cache', () => Promise.resolve(path)),
        way('build', () => Promise.reject(new Error(String((tried += 1))))),
      ],
    });
    expect(found).toEqual({ path, serverVersion: '1.29.1', from: 'cache' });
    expect(tried).toBe(0);
  });

  it('passes over one that is too old, one that does not run and a way that fails, and says why', async () => {
    const old = await program('old', '1.28.9');
    const good = await program('good', '1.30.0');
    const log: string[] = [];
    const ways = [
      way('PATH', () => Promise.resolve(old)),
      way('cache', () => Promise.resolve(join(folder, 'gone'))),
      way('download', () => Promise.reject(new Error('no network'))),
    ];
    const found = await findTemporal({
      ways: [...ways, way('build', () => Promise.resolve(good))],
      onLog: (line) => log.push(line),
    });
    expect(found.path).toBe(good);
    expect(log.join('\n')).toMatch(/holds server 1\.28\.9[^]*does not run[^]*no network/);
    await expect(findTemporal({ ways })).rejects.toThrow(
      /TEMPORAL_ADDRESS[^]*PATH: .*1\.28\.9[^]*download: no network/,
    );
  });

  it('is broken off by its signal', async () => {
    const ways = [way('build', () => Promise.reject(new Error('must not be tried')))];
    await expect(findTemporal({ ways, signal: AbortSignal.abort(new Error('Ctrl-C')) })).rejects.toThrow(
      'Ctrl-C',
    );
  });

  it('goes from what is at hand to the download and only then builds', async () => {
    const path = await program('temporal', '1.29.1');
    const ways = temporalWays({ PATH: folder, SCENEMILL_CACHE: folder, SCENEMILL_TEMPORAL_BINARY: '/named' });
    expect(ways.map((each) => each.name)).toEqual([
      'SCENEMILL_TEMPORAL_BINARY',
      '"temporal" on PATH',
      'an earlier build',
      "the SDK's download",
      'building from tools/go.mod',
    ]);
    expect(await ways[0]?.find(() => undefined)).toBe('/named');
    expect(await ways[1]?.find(() => undefined)).toBe(path);
  });
});

describe('the version of the server', () => {
  it('is the one inside, not that of the command', () => {
    expect(parseServerVersion('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)\n')).toBe('1.29.1');
    expect(parseServerVersion('temporal version 0.13.2 (server 1.24.2) (ui 2.27.3)')).toBeNull();
    expect(parseServerVersion('')).toBeNull();
  });

  it('is fit from 1.29 on', () => {
    expect(['1.28.4', '1.29.0', '1.31.0', '2.0.0', '0.99.0'].map(isFitServer)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("the SDK's download", () => {
  const version = 'v1.5.1';

  it('that hangs is given up after its bound', async () => {
    const port = await freePort();
    const silent = createServer().listen(port, '127.0.0.1');
    const environment = { ...process.env, HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const start = Date.now();
    await expect(downloadTemporal({ folder, version, timeoutMs: 2_500, environment })).rejects.toThrow(
      'nothing arrived within 2.5 s',
    );
    expect(Date.now() - start).toBeLessThan(6_000);
    silent.close();
  });

  it('is broken off by its signal, and the ways after it are not tried', async () => {
    const port = await freePort();
    const silent = createServer().listen(port, '127.0.0.1');
    const environment = { ...process.env, HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const breakOff = new AbortController();
    silent.once('connection', () => breakOff.abort(new Error('Ctrl-C')));
    const { signal } = breakOff;
    const tried: string[] = [];
    const ways = [
      way('download', () => downloadTemporal({ folder, version, environment, signal })),
      way('build', () => Promise.resolve(tried.push('build')).then(() => null)),
    ];
    await expect(findTemporal({ ways, signal })).rejects.toThrow('Ctrl-C');
    expect(tried).toEqual([]);
    silent.close();
  });

  it('that is refused says so', async () => {
    const environment = { ...process.env, HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` };
    await expect(downloadTemporal({ folder, version, environment })).rejects.toThrow(/download|error/i);
  });

  it('is not repeated where its program lies in the folder', async () => {
    const path = await program('temporal-cli-1.5.1', '1.29.1');
    expect(await downloadTemporal({ folder, version, environment: {} })).toBe(path);
  });
});

describe('the arguments of the dev server', () => {
  const ports = { grpc: 1, ui: 2, http: 3, metrics: 4 };

  it('name every port, both switches of fairness and every search attribute', () => {
    const text = temporalArguments({ binary: '', dataFile: '/data/t.db', ports }).join(' ');
    expect(text).toContain('--ip 127.0.0.1');
    expect(text).toContain('--port 1 --http-port 3 --metrics-port 4 --ui-port 2');
    expect(text).toContain('--dynamic-config-value matching.useNewMatcher=true');
    expect(text).toContain('--dynamic-config-value matching.enableFairness=true');
    for (const name of ['JobId', 'ProjectId', 'UserId', 'Phase']) expect(text).toContain(`${name}=Keyword`);
    expect(text).toContain('--db-filename /data/t.db');
  });

  it('leave the UI and the file away where they are not wanted', () => {
    const text = temporalArguments({ binary: '', dataFile: null, ports, isHeadless: true }).join(' ');
    expect(text).toContain('--headless');
    expect(text).not.toMatch(/--ui-port|--db-filename/);
  });
});
