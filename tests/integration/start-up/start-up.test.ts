// Real processes that are started before the servers they need.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseFfmpeg } from '../../../tools/ffmpeg-choice.ts';
import { freePort } from '../../../tools/ports.ts';
import { startTemporal, type TemporalServer } from '../../../tools/temporal.ts';
import { findTemporal } from '../../../tools/temporal-binary.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const password = 'a-password-that-no-log-shows';
const roles = { api: null, 'a control worker': 'control', 'a media worker': 'media' } as const;
type Who = keyof typeof roles;
const everybody = Object.keys(roles) as Who[];
const workers = everybody.filter((who) => who !== 'api');

let folder: string;
let databasePort: number;
let temporalPort: number;
let environment: Record<string, string | undefined>;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  const { ffmpeg, ffprobe } = await chooseFfmpeg();
  environment = {
    PATH: process.env.PATH,
    SANDBOX: 'none',
    LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
    API_PORT: '0',
    FFMPEG_PATH: ffmpeg.path,
    FFPROBE_PATH: ffprobe.path,
    LOG_LEVEL: 'info',
  };
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-start-up-'));
  databasePort = await freePort();
  temporalPort = await freePort();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(folder, { recursive: true, force: true });
});

type Process = {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** Resolves with the first line that has the text. */
  readonly says: (text: string) => Promise<string>;
  readonly exited: Promise<number | null>;
};

function start(who: Who, settings: Readonly<Record<string, string>> = {}): Process {
  const room = who === 'api' ? 'api' : 'workers';
  const entry = fileURLToPath(new URL(`../../../${room}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      STORE_DIR: join(folder, 'store'),
      RENDER_SCRATCH_DIR: join(folder, 'scratch'),
      DATABASE_URL: `postgres://scenemill:${password}@127.0.0.1:${databasePort}/films`,
      TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
      ...(roles[who] === null ? {} : { WORKER_ROLES: roles[who] }),
      ...settings,
    },
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  ends.push(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  const says = async (text: string): Promise<string> => {
    const find = (): string | undefined => lines.find((line) => line.includes(text));
    await expect.poll(find, { timeout: 60_000, message: lines.join('\n') }).toBeDefined();
    return find() ?? '';
  };
  return { child, lines, says, exited };
}

/** Makes a server that is there already answer on another port, too: as if it came up only now. */
async function answerOn(port: number, url: string): Promise<void> {
  const { port: from } = new URL(url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(from), '127.0.0.1');
    const cut = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) sockets.add(socket.on('error', cut));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

async function lateDatabase(): Promise<{ readonly url: string; readonly comeUp: () => Promise<void> }> {
  const test: TestDatabase = await createTestDatabase({ isMigrated: false });
  ends.push(() => test.remove());
  const url = new URL(test.url);
  url.port = String(databasePort);
  return { url: url.href, comeUp: () => answerOn(databasePort, test.url) };
}

async function startLateTemporal(): Promise<void> {
  const { path: binary } = await findTemporal();
  const [ui, http, metrics] = [await freePort(), await freePort(), await freePort()];
  const ports = { grpc: temporalPort, ui, http, metrics };
  const server: TemporalServer = await startTemporal({ binary, dataFile: null, isHeadless: true, ports });
  ends.push(() => server.stop());
}

describe('a process that is started before its servers', () => {
  it('(the API) waits for the database, says so, and then serves', async () => {
    const { url, comeUp } = await lateDatabase();
    const api = start('api', { DATABASE_URL: url });
    expect(JSON.parse(await api.says('the database is not there yet'))).toMatchObject({
      name: 'api',
      attempt: 1,
      at: expect.stringContaining(`127.0.0.1:${databasePort}/`) as string,
      reason: expect.stringContaining('ECONNREFUSED') as string,
      todo: expect.stringContaining('DATABASE_URL') as string,
    });
    await api.says('"attempt":2');
    await comeUp();
    await api.says('listening on');
  });

  it.each(workers)('(%s) waits for the database and then for Temporal, and then works', async (who) => {
    const { url, comeUp } = await lateDatabase();
    const worker = start(who, { DATABASE_URL: url });
    await worker.says('the database is not there yet');
    await comeUp();
    expect(JSON.parse(await worker.says('Temporal is not there yet'))).toMatchObject({
      at: `127.0.0.1:${temporalPort}, namespace default`,
      todo: expect.stringContaining('TEMPORAL_ADDRESS') as string,
    });
    await startLateTemporal();
    await worker.says('worker ready');
    worker.child.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
  });

  it.each(everybody)('(%s) ends with code 1 and one clear line where the time is up', async (who) => {
    const { exited, lines, child } = start(who, { STARTUP_WAIT_SECONDS: '0.5' });
    await once(child, 'close');
    expect(await exited).toBe(1);
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 60,
      msg: expect.stringMatching(
        /^After 0.5 s the database at 127.0.0.1:\d+\/films is still not there: .*ECONNREFUSED/,
      ) as string,
      hint: 'Start Postgres, or set DATABASE_URL to where it is.',
    });
    expect(lines.join('\n')).not.toContain(password);
    expect(lines.filter((line) => /^\s+at |"at":\[/.test(line))).toEqual([]);
  });

  it('(a worker) says the same of Temporal', async () => {
    const { url, comeUp } = await lateDatabase();
    await comeUp();
    const { exited, lines, child } = start('a media worker', {
      DATABASE_URL: url,
      STARTUP_WAIT_SECONDS: '0.5',
    });
    await once(child, 'close');
    expect(await exited).toBe(1);
    expect(lines.at(-1)).toContain(`After 0.5 s Temporal at 127.0.0.1:${temporalPort}, namespace default`);
    expect(lines.filter((line) => /^\s+at |"at":\[/.test(line))).toEqual([]);
  });

  it.each(everybody)('(%s) that is told to stop while it waits ends at once with code 0', async (who) => {
    const waiting = start(who);
    await waiting.says('"attempt":4,"againInSeconds":2');
    const toldAt = performance.now();
    waiting.child.kill('SIGTERM');
    expect(await waiting.exited).toBe(0);
    expect(performance.now() - toldAt).toBeLessThan(1_800);
  });

  it('(a worker) that waits for Temporal ends at once with code 0 when it is told to stop', async () => {
    const { url, comeUp } = await lateDatabase();
    await comeUp();
    const waiting = start('a control worker', { DATABASE_URL: url });
    await waiting.says('Temporal is not there yet');
    waiting.child.kill('SIGINT');
    expect(await waiting.exited).toBe(0);
  });

  it.each(everybody)('(%s) does not wait where waiting cannot help', async (who) => {
    const { url, comeUp } = await lateDatabase();
    await comeUp();
    const wrong = new URL(url);
    wrong.password = password;
    const { exited, lines, child } = start(who, { DATABASE_URL: wrong.href });
    await once(child, 'close');
    expect(await exited).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('password authentication failed');
    expect(lines[0]).not.toContain(password);
  });

  it('names every setting that is missing, without a place in the program', async () => {
    const { exited, lines, child } = start('a media worker', { DATABASE_URL: '' });
    await once(child, 'close');
    expect(await exited).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('DATABASE_URL');
  });
});
