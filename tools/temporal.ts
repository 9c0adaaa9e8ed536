// Runs Temporal's dev server on loopback: one process with the server, its UI and, where wanted, a file of its own.
import { Connection } from '@temporalio/client';
import { type Child, startChild } from './child-process.ts';
import { loopback } from './ports.ts';
import { untilReady } from './until-ready.ts';

const readyMsMax = 60_000;
/** Measured: a server with a file takes 3 to 6 s to end. */
const stopWithFileMsMax = 15_000;

const temporalNamespace = 'default';

/** What our workflows can be searched by; the server must know them before the first workflow. */
export const searchAttributes = ['JobId', 'ProjectId', 'UserId', 'Phase'] as const;

export type TemporalPorts = {
  readonly grpc: number;
  readonly ui: number;
  readonly http: number;
  readonly metrics: number;
};

export type TemporalOptions = {
  /** The program, from `findTemporal`. */
  readonly binary: string;
  /** Where the workflows are kept; null: in memory, lost at the end. */
  readonly dataFile: string | null;
  readonly ports: TemporalPorts;
  /** Without the UI. */
  readonly isHeadless?: boolean;
  readonly logFile?: string;
  readonly onLog?: (line: string) => void;
};

export type TemporalServer = {
  readonly address: string;
  /** Empty where headless. */
  readonly uiUrl: string;
  readonly pid: number;
  readonly exited: Child['exited'];
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
};

/**
 * The server takes more ports than it is given: it asks for free ones and opens them a moment later. Where another program was
 * quicker it ends at once, and is started again so many times in all.
 */
const startsMax = 3;

/** Resolves when workflows can be started. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  for (let starts = 1; ; starts += 1) {
    const begun = performance.now();
    try {
      return await startOnce(options);
    } catch (error) {
      const isLate = performance.now() - begun >= readyMsMax;
      if (isLate || starts === startsMax) throw error;
    }
  }
}

async function startOnce(options: TemporalOptions): Promise<TemporalServer> {
  const child = await startChild({
    file: options.binary,
    args: temporalArguments(options),
    environment: process.env,
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...(options.onLog === undefined ? {} : { onLine: options.onLog }),
  });
  const address = `${loopback}:${options.ports.grpc}`;
  // In memory there is nothing to save, so nothing to wait for.
  const graceMs = options.dataFile === null ? 0 : stopWithFileMsMax;
  const stop = async (): Promise<void> => {
    await child.stop(graceMs);
  };
  await untilReady(child, {
    name: 'The Temporal server',
    isReady: () => checkTemporalServer(address).then(() => true),
    timeoutMs: readyMsMax,
  });
  const uiUrl = options.isHeadless === true ? '' : `http://${loopback}:${options.ports.ui}`;
  return { address, uiUrl, pid: child.pid, exited: child.exited, kill: (signal) => child.kill(signal), stop };
}

/** Exported for its test. All four ports are given: one that is not would be chosen at random by the server. */
export function temporalArguments(options: TemporalOptions): readonly string[] {
  return [
    ...['server', 'start-dev', '--ip', loopback, '--log-level', 'error', '--namespace', temporalNamespace],
    ...['--port', String(options.ports.grpc), '--http-port', String(options.ports.http)],
    ...['--metrics-port', String(options.ports.metrics)],
    ...(options.isHeadless === true ? ['--headless'] : ['--ui-port', String(options.ports.ui)]),
    ...(options.dataFile === null ? [] : ['--db-filename', options.dataFile]),
    // Without both the server ignores priorities and fairness keys and says nothing.
    ...['--dynamic-config-value', 'matching.useNewMatcher=true'],
    ...['--dynamic-config-value', 'matching.enableFairness=true'],
    ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

/** Of a server that somebody else runs; an empty variable counts as not set. */
export function namespaceOf({
  TEMPORAL_NAMESPACE: named = '',
}: Readonly<Record<string, string | undefined>>): string {
  return named === '' ? temporalNamespace : named;
}

/** Whether the server at an address takes workflows for us; throws why not. */
export async function checkTemporalServer(address: string, namespace = temporalNamespace): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    const deadline = Date.now() + 2_000;
    await connection.withDeadline(deadline, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}
