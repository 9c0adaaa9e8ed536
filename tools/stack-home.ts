// The one folder in which a stack keeps everything: data, logs, secrets, and the lock that keeps a second stack out.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isAlive } from './child-process.ts';

export type StackHome = {
  readonly folder: string;
  readonly postgres: string;
  readonly temporalFile: string;
  readonly store: string;
  readonly scratch: string;
  readonly logs: string;
  readonly secrets: StackSecrets;
  /** Lets another stack in. */
  release(): Promise<void>;
};

const StackSecrets = z.object({
  linkSigningSecret: z.string().min(16),
  apiKey: z.string().regex(/^sm_[a-z2-7]{12}\.[A-Za-z0-9_-]{43}$/),
});
type StackSecrets = z.infer<typeof StackSecrets>;

/** `SCENEMILL_HOME`, else `.scenemill` where the command was given. */
export function stackFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = environment.SCENEMILL_HOME ?? '';
  return resolve(named === '' ? '.scenemill' : named);
}

/** Makes the folder, takes its lock and reads (the first time: makes) its secrets. Throws where another stack has it. */
export async function openStackHome(folder: string): Promise<StackHome> {
  await mkdir(folder, { recursive: true });
  // Others may pass through, not look: under root Postgres runs as another account and must reach its folder.
  await chmod(folder, 0o711);
  const release = await takeLock(folder);
  try {
    const logs = join(folder, 'logs');
    const store = join(folder, 'store');
    const scratch = join(folder, 'scratch');
    for (const path of [logs, store, scratch]) await mkdir(path, { recursive: true, mode: 0o700 });
    const secrets = await readSecrets(join(folder, 'secrets.json'));
    const temporalFile = join(folder, 'temporal.db');
    return {
      folder,
      postgres: join(folder, 'postgres'),
      temporalFile,
      store,
      scratch,
      logs,
      secrets,
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

const Lock = z.object({ pid: z.number().int().positive(), startedAt: z.string() });
type Lock = z.infer<typeof Lock>;

async function takeLock(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const own: Lock = { pid: process.pid, startedAt: await startOf(process.pid) };
  for (let attempt = 0; ; attempt++) {
    const holder = await createLock(path, own);
    if (holder === null) return () => rm(path, { force: true });
    if (attempt > 0 || (await isHeld(holder)))
      throw new Error(
        `Another stack (process ${holder.pid}) uses ${folder}. Stop it, or choose another folder with SCENEMILL_HOME.`,
      );
    // Its holder is gone. Only one of several that see this can move the file away; the others find a new lock.
    await rename(path, `${path}.stale`).catch(() => undefined);
  }
}

/** Null where we have the lock now, else who has it. */
async function createLock(path: string, own: Lock): Promise<Lock | null> {
  try {
    await writeFile(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const found = Lock.safeParse(parseJson(await readFile(path, 'utf8').catch(() => '')));
  // A file that cannot be read was cut off by a full disk or a power cut: nobody's.
  return found.success ? found.data : { pid: Number.MAX_SAFE_INTEGER, startedAt: '' };
}

/** The number of a process that ended may have been given to another; its start tells them apart. */
async function isHeld(holder: Lock): Promise<boolean> {
  return isAlive(holder.pid) && (await startOf(holder.pid)) === holder.startedAt;
}

/** In clock ticks since the machine started; empty where the system does not tell. */
async function startOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold spaces; what follows it does not.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function readSecrets(path: string): Promise<StackSecrets> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text !== null) {
    const found = StackSecrets.safeParse(parseJson(text));
    if (!found.success) throw new Error(`${path} is damaged. Remove it: a new key will be made.`);
    return found.data;
  }
  const made = { linkSigningSecret: randomBytes(32).toString('base64url'), apiKey: newApiKey() };
  await writeFile(`${path}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return made;
}

/** In the form of the keys that the API makes: 60 bits of name, 256 bits of secret. */
export function newApiKey(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const name = [...randomBytes(12)].map((byte) => letters[byte % letters.length]).join('');
  return `sm_${name}.${randomBytes(32).toString('base64url')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
