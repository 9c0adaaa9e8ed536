// Finds a Temporal command line program whose dev server is new enough, trying the cheap ways first.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../contract/errors.ts';
import { cacheDir } from './cache-dir.ts';
import { ask, findOnPath, isExecutableFile } from './find-program.ts';
import { buildGoTool, goToolPath, pinnedVersion } from './go-tool.ts';
import { downloadTemporal } from './temporal-download.ts';

/** Fair queues came with this server; older ones ignore fairness keys silently. */
const temporalServerMin = [1, 29] as const;

export type TemporalBinary = {
  readonly path: string;
  /** Of the server inside, for example "1.29.1". */
  readonly serverVersion: string;
  /** Which way found it. */
  readonly from: string;
};

/** One way to come by the program. Null: there is none this way, and nothing to explain. */
export type TemporalWay = {
  readonly name: string;
  find(onLog: (line: string) => void, signal?: AbortSignal): Promise<string | null>;
};

export type TemporalSearch = {
  readonly onLog?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly ways?: readonly TemporalWay[];
};

/** Throws one error that says what each way lacked. */
export async function findTemporal(search: TemporalSearch = {}): Promise<TemporalBinary> {
  const onLog = search.onLog ?? (() => undefined);
  const reasons: string[] = [];
  for (const way of search.ways ?? temporalWays()) {
    search.signal?.throwIfAborted();
    try {
      const path = await way.find(onLog, search.signal);
      if (path === null) continue;
      return { ...(await checkTemporal(path)), from: way.name };
    } catch (error) {
      search.signal?.throwIfAborted();
      reasons.push(`  ${way.name}: ${errorMessage(error)}`);
      onLog(`${way.name} does not give a Temporal server: ${errorMessage(error)}`);
    }
  }
  throw new Error(
    `No Temporal server was found. Install the command "temporal", or Go to build it, or set TEMPORAL_ADDRESS.\n${reasons.join('\n')}`,
  );
}

/** In the order in which they are tried: what is at hand, then the download, then five minutes of building. */
export function temporalWays(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly TemporalWay[] {
  const own = environment.SCENEMILL_TEMPORAL_BINARY ?? '';
  return [
    { name: 'SCENEMILL_TEMPORAL_BINARY', find: () => Promise.resolve(own === '' ? null : own) },
    { name: '"temporal" on PATH', find: () => Promise.resolve(findOnPath('temporal', environment.PATH)) },
    { name: 'an earlier build', find: builtBefore },
    { name: "the SDK's download", find: (_, signal) => downloadPinned(environment, signal) },
    { name: 'building from tools/go.mod', find: (onLog, signal) => buildTemporal(onLog, signal) },
  ];
}

/** A program that was built once spares the attempt to download, which may take its whole bound. */
async function builtBefore(): Promise<string | null> {
  const path = await goToolPath(temporalModule);
  return isExecutableFile(path) ? path : null;
}

/** The same release that would be built, so that all ways end at the same server. */
async function downloadPinned(
  environment: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<string> {
  const manifest = await readFile(join(temporalModule.moduleDir, 'go.mod'), 'utf8');
  const version = pinnedVersion(manifest, temporalModule.package);
  const folder = join(cacheDir(environment), 'downloads', `temporal-${version}`);
  return downloadTemporal({ folder, version, ...(signal === undefined ? {} : { signal }) });
}

function buildTemporal(onLog: (line: string) => void, signal?: AbortSignal): Promise<string> {
  return buildGoTool({ ...temporalModule, onLog, ...(signal === undefined ? {} : { signal }) });
}

const temporalModule = {
  name: 'temporal',
  moduleDir: import.meta.dirname,
  package: 'github.com/temporalio/cli/cmd/temporal',
} as const;

/** Throws where the program does not run or its server is too old. */
async function checkTemporal(path: string): Promise<{ path: string; serverVersion: string }> {
  const answer = await ask(path, ['--version']);
  if (answer.code !== 0) throw new Error(`${path} does not run`);
  const serverVersion = parseServerVersion(answer.stdout);
  if (serverVersion === null) throw new Error(`${path} does not say which server it holds`);
  if (!isFitServer(serverVersion))
    throw new Error(
      `${path} holds server ${serverVersion}, needed is ${temporalServerMin.join('.')} or newer`,
    );
  return { path, serverVersion };
}

/** From "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)". A build of our own has no version in front, so only the server counts. */
export function parseServerVersion(output: string): string | null {
  return /\(Server (\d+\.\d+\.\d+[^,)]*)/.exec(output)?.[1] ?? null;
}

export function isFitServer(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorMin, minorMin] = temporalServerMin;
  return major > majorMin || (major === majorMin && minor >= minorMin);
}
