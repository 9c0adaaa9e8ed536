// The servers of a stack: those that the environment names, else our own on loopback.
import { join } from 'node:path';
import { freePort, loopback } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { ensureSearchAttributes } from './prepare-temporal.ts';
import type { StackStart } from './stack-options.ts';
import { addPart, runStep } from './stack-steps.ts';
import { checkTemporalServer, namespaceOf, startTemporal } from './temporal.ts';
import { findTemporal } from './temporal-binary.ts';
import { waitUntil } from './wait-until.ts';

const foreignServerMsMax = 30_000;

export type WorkflowServer = { readonly address: string; readonly uiUrl: string };

/** The address of the database. */
export function startDatabase(start: StackStart): Promise<string> {
  return runStep(start, 'postgres', async (say) => {
    const given = start.shell.DATABASE_URL ?? '';
    if (given !== '') return [given, 'the server of DATABASE_URL'];
    const { home, ports } = start;
    let url = '';
    const launch = async (): ReturnType<typeof startPostgres> => {
      const isDisposable = isForgetful(start);
      const server = await startPostgres({
        dataDir: home.postgres,
        port: ports.postgres,
        isDisposable,
        onLog: say,
      });
      url = server.url;
      return server;
    };
    await addPart(start, { name: 'postgres', start: launch });
    return [url, `on port ${ports.postgres}`];
  });
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
