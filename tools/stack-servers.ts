// The servers of a stack: those that the environment names, else our own on loopback.
import { join } from 'node:path';
import { errorMessage } from '../contract/errors.ts';
import { freePort, loopback } from './ports.ts';
import { type PostgresOptions, startPostgres } from './postgres.ts';
import { ensureSearchAttributes } from './prepare-temporal.ts';
import type { StackStart } from './stack-options.ts';
import { addPart, runStep } from './stack-steps.ts';
import { checkTemporalServer, namespaceOf, startTemporal } from './temporal.ts';
import { findTemporal } from './temporal-binary.ts';
import { waitUntil } from './wait-until.ts';

const foreignServerMsMax = 30_000;
const postgresStartsMax = 3;

export type WorkflowServer = { readonly address: string; readonly uiUrl: string };

/** The address of the database. */
export function startDatabase(start: StackStart): Promise<string> {
  return runStep(start, 'postgres', async (say) => {
    const given = start.shell.DATABASE_URL ?? '';
    if (given !== '') return [given, 'the server of DATABASE_URL'];
    const options = { dataDir: start.home.postgres, isDisposable: isForgetful(start), onLog: say };
    let { postgres: port } = start.ports;
    let url = '';
    const launch = async (): ReturnType<typeof startPostgres> => {
      // Once its address was given away, a restart must come back to it.
      const isFirst = url === '';
      const server = await (isFirst ? startSomewhere(options, port) : startPostgres({ ...options, port }));
      url = server.url;
      port = Number(new URL(url).port);
      return server;
    };
    await addPart(start, { name: 'postgres', start: launch });
    return [url, `on port ${port}`];
  });
}

/** A port that was free a moment ago may have been taken by another program since. */
async function startSomewhere(
  options: Omit<PostgresOptions, 'port'>,
  firstPort: number,
): ReturnType<typeof startPostgres> {
  let port = firstPort;
  for (let starts = 1; ; starts += 1) {
    try {
      return await startPostgres({ ...options, port });
    } catch (error) {
      if (
        starts === postgresStartsMax ||
        !errorMessage(error).includes('could not create any TCP/IP sockets')
      )
        throw error;
      port = await freePort();
    }
  }
}

export function startWorkflowServer(start: StackStart): Promise<WorkflowServer> {
  return runStep(start, 'temporal', async (say) => {
    const given = start.shell.TEMPORAL_ADDRESS ?? '';
    return given === '' ? startOwn(start, say) : useForeign(start, given);
  });
}

async function useForeign(start: StackStart, address: string): Promise<readonly [WorkflowServer, string]> {
  const namespace = namespaceOf(start.shell);
  await waitUntil(() => checkTemporalServer(address, namespace), {
    what: `The Temporal server of TEMPORAL_ADDRESS (${address})`,
    timeoutMs: foreignServerMsMax,
    signal: start.signal,
  });
  await ensureSearchAttributes(address, namespace);
  return [
    { address, uiUrl: start.shell.TEMPORAL_UI_URL ?? '' },
    `the server of TEMPORAL_ADDRESS, ${address}`,
  ];
}

async function startOwn(
  start: StackStart,
  say: (detail: string) => void,
): Promise<readonly [WorkflowServer, string]> {
  const { home, ports } = start;
  const binary = await findTemporal({ onLog: say, signal: start.signal });
  const [http, metrics] = [await freePort(), await freePort()];
  const launch = (): ReturnType<typeof startTemporal> =>
    startTemporal({
      binary: binary.path,
      dataFile: isForgetful(start) ? null : home.temporalFile,
      ports: { grpc: ports.temporal, ui: ports.temporalUi, http, metrics },
      logFile: join(home.logs, 'temporal.log'),
    });
  await addPart(start, { name: 'temporal', start: launch });
  const server = {
    address: `${loopback}:${ports.temporal}`,
    uiUrl: `http://${loopback}:${ports.temporalUi}`,
  };
  return [server, `server ${binary.serverVersion} from ${binary.from}, on port ${ports.temporal}`];
}

function isForgetful({ options }: StackStart): boolean {
  return options.isDisposable === true && options.keepsData !== true;
}
