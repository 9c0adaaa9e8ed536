// Postgres refuses to run as root, so under root it runs as the account "postgres", which must be able to reach its files.
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The account to run as, and its numbers. */
export type Account = { readonly uid: number; readonly gid: number };

const execute = promisify(execFile);
const ACCOUNT_NAME = 'postgres';
const ACCOUNT_COMMAND_TIMEOUT_MS = 30_000;
/** Used by root where a wanted folder lies below one that others may not enter, such as /root. */
const REACHABLE_ROOT = '/var/lib/scenemill';

/** Null where we are not root: then Postgres runs as we do. Makes the account where it is missing, saying so first. */
export async function postgresAccount(onLog: (line: string) => void): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const existing = await lookUpAccount();
  if (existing !== null) return existing;
  onLog(`Postgres does not run as root: making the system account "${ACCOUNT_NAME}" for it.`);
  const options = { timeout: ACCOUNT_COMMAND_TIMEOUT_MS };
  await execute('useradd', ['--system', '--user-group', '--no-create-home', ACCOUNT_NAME], options);
  const made = await lookUpAccount();
  if (made === null)
    throw new Error(
      `The account "${ACCOUNT_NAME}" could not be made; run as an ordinary user or set DATABASE_URL.`,
    );
  return made;
}

/** The wanted folder or, where the account cannot enter its parents, one of ours that it can. Both are stable. */
export async function reachableDataDir(wanted: string, account: Account | null): Promise<string> {
  const path = resolve(wanted);
  await mkdir(dirname(path), { recursive: true });
  if (account === null || (await canReach(path, account))) return path;
  const parent = await openFolder(join(REACHABLE_ROOT, 'postgres-data'));
  return join(parent, path.replaceAll('/', '_'));
}

/** The folder of the programs, copied once to where the account can run them if it cannot reach them here. */
export async function reachablePrograms(
  nativeDir: string,
  version: string,
  account: Account | null,
): Promise<string> {
  if (account === null || (await canReach(nativeDir, account))) return nativeDir;
  const copy = join(await openFolder(REACHABLE_ROOT), `postgres-${version}`);
  if ((await stat(copy).catch(() => null)) !== null) return copy;
  const temporary = `${copy}.${process.pid}.tmp`;
  await cp(nativeDir, temporary, { recursive: true, verbatimSymlinks: true });
  await rename(temporary, copy).catch(() => rm(temporary, { recursive: true, force: true }));
  return copy;
}

async function lookUpAccount(): Promise<Account | null> {
  const [uid, gid] = await Promise.all([idNumber('-u'), idNumber('-g')]);
  return uid === null || gid === null ? null : { uid, gid };
}

async function idNumber(flag: '-u' | '-g'): Promise<number | null> {
  try {
    const { stdout } = await execute('id', [flag, ACCOUNT_NAME], { timeout: ACCOUNT_COMMAND_TIMEOUT_MS });
    return Number.parseInt(stdout, 10);
  } catch {
    return null;
  }
}

/** Makes our folder, and the one above it, enterable whatever our umask says. */
async function openFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  for (const folder of [REACHABLE_ROOT, path]) await chmod(folder, 0o755);
  return path;
}

/** May the account enter every existing folder above the path? */
async function canReach(path: string, account: Account): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => null);
    if (info !== null && (info.mode & enterBit(info, account)) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function enterBit(info: { readonly uid: number; readonly gid: number }, account: Account): number {
  if (info.uid === account.uid) return 0o100;
  return info.gid === account.gid ? 0o010 : 0o001;
}
