import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../../contract/settings.ts';
import { isAlive, startChild } from '../../../tools/child-process.ts';
import { freePort } from '../../../tools/ports.ts';
import { type Stack, startStack } from '../../../tools/stack.ts';
import { openStackHome } from '../../../tools/stack-home.ts';
import type { StackPart } from '../../../tools/stack-part.ts';
import { startDatabase } from '../../../tools/stack-servers.ts';
import { checkTemporalServer } from '../../../tools/temporal.ts';
import { waitUntil } from '../../../tools/wait-until.ts';

const entry = (name: string): string => fileURLToPath(new URL(`./entries/${name}.ts`, import.meta.url));
const entries = { api: entry('fake-role'), worker: entry('fake-role') };

const until = (isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> =>
  waitUntil(
    async () => {
      if (!(await isTrue())) throw new Error('not yet');
    },
    { what, timeoutMs: 20_000 },
  );

const pidAnswering = async (url: string): Promise<number> => Number(await (await fetch(url)).text());

/** One that the account of Postgres may enter, so that nothing is put elsewhere. */
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stack-test-'));
  await chmod(folder, 0o711);
  return folder;
}

describe('a running stack', () => {
  let folder = '';
  let stack: Stack;
  let pids: readonly number[] = [];
  const steps: string[] = [];
  const ends: string[] = [];
  let takenPort = 0;
  const occupant = createServer();

  beforeAll(async () => {
    folder = await newFolder();
    takenPort = await freePort();
    await new Promise<void>((resolve) => occupant.listen(takenPort, '127.0.0.1', resolve));
    stack = await startStack({
      home: join(folder, 'home'),
      isDisposable: true,
      entries,
      ports: { api: takenPort },
      workers: { processes: 2, concurrency: 1 },
      environment: { FILM_SECONDS_MAX: '33' },
      onStep: (name, state) => steps.push(`${name} ${state}`),
      onEnd: (name, how) => ends.push(`${name} ${how}`),
    });
    pids = stack.children.map((child) => child.pid);
  });
  afterAll(async () => {
    await stack.stop();
    occupant.close();
    for (const pid of pids) await until(() => !isAlive(pid), `the end of process ${pid}`);
    await rm(folder, { recursive: true });
  });

  it('has a process for each part, and says what it does', () => {
    const names = stack.children.map((child) => child.name).sort();
    expect(names).toEqual(['api', 'postgres', 'temporal', 'worker-1', 'worker-2']);
    for (const name of ['ffmpeg', ...names]) {
      expect(steps).toContain(`${name} started`);
      expect(steps).toContain(`${name} done`);
    }
  });

  it('takes another port where the wanted one is taken', async () => {
    expect(stack.apiUrl).not.toContain(String(takenPort));
    expect(await pidAnswering(`${stack.apiUrl}/readyz`)).toBe(
      stack.children.find((c) => c.name === 'api')?.pid,
    );
  });

  it('gives its processes settings that they accept, with the overrides', () => {
    const settings = readSettings(stack.environment);
    expect(settings.FILM_SECONDS_MAX).toBe(33);
    expect(settings.BOOTSTRAP_API_KEY).toBe(stack.apiKey);
    expect(settings.STORE_DIR).toBe(join(stack.home, 'store'));
    expect(settings.RENDER_CONCURRENCY).toBe(1);
  });

  it('has a database and a Temporal server that answer', async () => {
    expect(stack.environment.DATABASE_URL).toMatch(/^postgres:\/\/\S+@127\.0\.0\.1:\d+\/scenemill$/);
    await checkTemporalServer(stack.environment.TEMPORAL_ADDRESS ?? '');
    expect((await fetch(stack.temporalUiUrl)).status).toBe(200);
  });

  it('refuses a second stack in its folder', async () => {
    await expect(startStack({ home: stack.home, isDisposable: true, entries })).rejects.toThrow(
      'Another stack',
    );
    expect(await pidAnswering(`${stack.apiUrl}/readyz`)).toBeGreaterThan(0);
  });

  it('keeps a log of each process', async () => {
    expect((await stat(join(stack.home, 'logs', 'api.log'))).isFile()).toBe(true);
  });

  it.each(['api', 'postgres', 'temporal', 'worker-2'])(
    'brings %s back at its place after a kill',
    async (name) => {
      const before = stack.children.find((child) => child.name === name)?.pid ?? 0;
      stack.kill(name, 'SIGKILL');
      await until(() => !isAlive(before), 'its end');
      await stack.restart(name);
      const after = stack.children.find((child) => child.name === name)?.pid ?? 0;
      expect(after).not.toBe(before);
      expect(isAlive(after)).toBe(true);
      pids = [...pids, after];
      expect(ends).toEqual([]);
    },
  );

  it('tells of a process that ended by itself', async () => {
    const worker = stack.children.find((child) => child.name === 'worker-1')?.pid ?? 0;
    process.kill(worker, 'SIGKILL');
    await until(() => ends.length > 0, 'the news of its end');
    expect(ends).toEqual(['worker-1 was ended by SIGKILL']);
  });

  it('names its processes where one is asked for that it has not', () => {
    expect(() => stack.kill('worker-9', 'SIGKILL')).toThrow(/no process "worker-9".*worker-1/);
  });
});

describe('the database of a stack', () => {
  it('takes another port where its own was taken in the last moment', async () => {
    const folder = await newFolder();
    const home = await openStackHome(join(folder, 'home'));
    const occupant = createServer();
    const postgres = await freePort();
    await new Promise<void>((resolve) => occupant.listen(postgres, '127.0.0.1', resolve));
    const parts: StackPart[] = [];
    const ports = { api: 0, temporal: 0, temporalUi: 0, postgres };
    const { signal } = new AbortController();
    const url = await startDatabase({
      options: { isDisposable: true },
      home,
      ports,
      shell: {},
      signal,
      parts,
    });
    expect(new URL(url).port).not.toBe(String(postgres));
    await parts[0]?.restart();
    await parts[0]?.stop();
    occupant.close();
    await home.release();
    await rm(folder, { recursive: true });
  });
});

describe('a stack that cannot start', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it.each(['api', 'worker'])(
    'fails with the last lines of the %s that died, and leaves nothing',
    async (role) => {
      const home = join(folder, 'home');
      const start = startStack({ home, isDisposable: true, entries, environment: { FAKE_DIES: role } });
      await expect(start).rejects.toThrow(new RegExp(`ended with code 3[^]*the ${role} found no luck`));
      expect(await processesNaming(home)).toEqual([]);
      await expect(stat(join(home, 'lock'))).rejects.toThrow('ENOENT');
    },
  );

  it('is broken off by its signal, and leaves nothing', async () => {
    const home = join(folder, 'home');
    const breakOff = new AbortController();
    const start = startStack({
      home,
      isDisposable: true,
      entries,
      signal: breakOff.signal,
      onStep: (name, state) => {
        if (name === 'api' && state === 'started') breakOff.abort(new Error('Ctrl-C'));
      },
    });
    await expect(start).rejects.toThrow('Ctrl-C');
    expect(await processesNaming(home)).toEqual([]);
  });
});

describe('a stack whose parent is killed', () => {
  it('leaves no process', async () => {
    const folder = await newFolder();
    const parent = await startChild({
      file: process.execPath,
      args: ['--import', import.meta.resolve('tsx'), entry('stack-parent'), join(folder, 'home')],
      environment: process.env,
    });
    await until(() => parent.tail().includes('pids='), 'the stack');
    const pids = (/pids=([\d,]+)/.exec(parent.tail())?.[1] ?? '').split(',').map(Number);
    expect(pids).toHaveLength(4);
    for (const pid of pids) expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    for (const pid of pids) await until(() => !isAlive(pid), `the end of process ${pid}`);
    await rm(folder, { recursive: true });
  });
});

/** Every process whose command line or environment holds the text. */
async function processesNaming(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter(
    (name) => /^\d+$/.test(name) && name !== String(process.pid),
  )) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (command.includes(text) || environment.includes(text)) found.push(`${pid} ${command}`);
  }
  return found;
}
