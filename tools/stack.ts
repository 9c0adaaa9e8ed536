// Starts everything that a render needs on loopback, with its data in one folder, and ends all of it again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildExit } from './child-process.ts';
import { type ChosenFfmpeg, chooseFfmpeg } from './ffmpeg-choice.ts';
import { choosePorts, freePort, loopback, type Ports } from './ports.ts';
import { type Environment, stackEnvironment } from './stack-environment.ts';
import { openStackHome, type StackHome } from './stack-home.ts';
import type { StackOptions, StackStart } from './stack-options.ts';
import type { StackPart } from './stack-part.ts';
import { ownEntry, startProcess } from './stack-process.ts';
import { startDatabase, startWorkflowServer, type WorkflowServer } from './stack-servers.ts';
import { runStep, sideBySide } from './stack-steps.ts';

export type { StackOptions } from './stack-options.ts';

export type Stack = {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly projectId: string;
  /** Empty where there is none. */
  readonly temporalUiUrl: string;
  readonly docsUrl: string;
  readonly home: string;
  /** What our processes were started with. */
  readonly environment: Environment;
  /** Those that run as our children, in the order of their start; a server of the caller's own is not among them. */
  readonly children: readonly { readonly name: string; readonly pid: number }[];
  /** A signal to one process alone. */
  kill(name: string, signal: NodeJS.Signals): void;
  /** How a process ended, once it has. */
  exited(name: string): Promise<ChildExit>;
  /** Ends a process where it still runs, starts it with the same settings, and resolves when it is ready. */
  restart(name: string): Promise<void>;
  /** Resolves when no process of the stack is left. Repeating it is harmless. */
  stop(): Promise<void>;
};

/** Resolves when the API answers `GET /readyz` and every worker takes work. Where it fails nothing is left running. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const home = await openStackHome(options.home ?? (await mkdtemp(join(tmpdir(), 'scenemill-'))));
  const parts: StackPart[] = [];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= stopAll(parts, home, options.home === undefined);
    return stopping;
  };
  try {
    return await startAll(options, { home, parts, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

type Begun = {
  readonly home: StackHome;
  readonly parts: StackPart[];
  readonly stop: () => Promise<void>;
};

async function startAll(options: StackOptions, { home, parts, stop }: Begun): Promise<Stack> {
  const shell = options.isDisposable === true ? withoutServers(process.env) : process.env;
  const ports = await choosePorts({ ...portsOf(shell), ...options.ports });
  const failure = new AbortController();
  const signals = options.signal === undefined ? [] : [options.signal];
  const signal = AbortSignal.any([failure.signal, ...signals]);
  const start: StackStart = { options, home, ports, shell, signal, parts };
  const abort = (reason: unknown): void => failure.abort(reason);
  const servers = await startServers(start, abort);
  const apiUrl = `http://${loopback}:${ports.api}`;
  const environment = environmentOf(start, servers);
  await startOwnProcesses(start, { environment, apiUrl, abort });
  return {
    apiUrl,
    apiKey: environment.BOOTSTRAP_API_KEY ?? '',
    projectId: 'default',
    temporalUiUrl: servers.temporal.uiUrl,
    docsUrl: `${apiUrl}/docs`,
    home: home.folder,
    environment,
    // Read anew each time: a restart gives a process another id.
    get children() {
      return parts.map((part) => ({ name: part.name, pid: part.pid() }));
    },
    kill: (name, signalName) => partOf(parts, name).kill(signalName),
    exited: (name) => partOf(parts, name).exited(),
    restart: (name) => partOf(parts, name).restart(),
    stop,
  };
}

type Servers = {
  readonly ffmpeg: ChosenFfmpeg;
  readonly databaseUrl: string;
  readonly temporal: WorkflowServer;
};

async function startServers(start: StackStart, abort: (reason: unknown) => void): Promise<Servers> {
  const findFfmpeg = (): Promise<ChosenFfmpeg> =>
    runStep(start, 'ffmpeg', async (say) => {
      const chosen = await chooseFfmpeg({ environment: start.shell, onLog: say, signal: start.signal });
      return [chosen, `${chosen.ffmpeg.version} from ${chosen.ffmpeg.from}`];
    });
  const [ffmpeg, databaseUrl, temporal] = await sideBySide<[ChosenFfmpeg, string, WorkflowServer]>(
    [findFfmpeg, () => startDatabase(start), () => startWorkflowServer(start)],
    abort,
  );
  return { ffmpeg, databaseUrl, temporal };
}

function environmentOf(start: StackStart, servers: Servers): Environment {
  const { home, options, ports, shell } = start;
  const concurrency = options.workers?.concurrency ?? Number(shell.RENDER_CONCURRENCY ?? 0);
  const usesS3 = (shell.S3_ENDPOINT ?? '') !== '';
  const facts = { home, apiPort: ports.api, concurrency, usesS3, ...servers };
  return stackEnvironment(facts, shell, options.environment ?? {});
}

type OwnProcesses = {
  readonly environment: Environment;
  readonly apiUrl: string;
  readonly abort: (reason: unknown) => void;
};

/** The API brings the database up to date, so the workers come after it. */
async function startOwnProcesses(start: StackStart, own: OwnProcesses): Promise<void> {
  const entries = start.options.entries ?? { api: ownEntry('api'), worker: ownEntry('workers') };
  const { environment } = own;
  const readyUrl = `${own.apiUrl}/readyz`;
  await startProcess(start, { name: 'api', entry: entries.api, environment, readyUrl });
  const { processes: count = 1, roles = [] } = start.options.workers ?? {};
  const workers = Array.from({ length: count }, (_, index) => async () => {
    const port = await freePort();
    await startProcess(start, {
      name: `worker-${index + 1}`,
      entry: entries.worker,
      environment: {
        ...environment,
        HEALTH_PORT: String(port),
        WORKER_ROLES: roles[index] ?? environment.WORKER_ROLES,
      },
      readyUrl: `http://${loopback}:${port}/healthz`,
    });
  });
  await sideBySide(workers, own.abort);
}

/** Our own processes first, so that they can still say goodbye to the servers; then the servers. */
async function stopAll(parts: readonly StackPart[], home: StackHome, isTemporary: boolean): Promise<void> {
  const servers = parts.filter((part) => serverNames.has(part.name));
  await Promise.allSettled(parts.filter((part) => !servers.includes(part)).map((part) => part.stop()));
  await Promise.allSettled(servers.map((part) => part.stop()));
  await home.release();
  if (isTemporary) await rm(home.folder, { recursive: true, force: true });
}

const serverNames: ReadonlySet<string> = new Set(['postgres', 'temporal']);

function partOf(parts: readonly StackPart[], name: string): StackPart {
  const part = parts.find((candidate) => candidate.name === name);
  if (part !== undefined) return part;
  throw new Error(
    `The stack has no process "${name}"; it has ${parts.map((known) => known.name).join(', ')}.`,
  );
}

/** The API's port may be named as for a server; where it is taken, another is chosen. */
function portsOf({ API_PORT: port = '' }: Environment): Partial<Ports> {
  return /^\d{1,5}$/.test(port) && Number(port) <= 65_535 ? { api: Number(port) } : {};
}

/** A test must never write to a server that a developer's shell happens to name. */
function withoutServers(environment: Environment): Environment {
  return { ...environment, DATABASE_URL: '', TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '', S3_ENDPOINT: '' };
}
