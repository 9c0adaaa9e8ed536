// A program (`npm run histories`): runs the workflow of today against activities that do nothing and writes the histories down, so
// that later versions can be held against them. Only to be run for a change that is allowed to break jobs under way.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { TemporalStarter } from '../../api/temporal-starter.ts';
import { renderWorkflowId } from '../../contract/names.ts';
import { freePort } from '../../tools/ports.ts';
import { startTemporal } from '../../tools/temporal.ts';
import { findTemporal } from '../../tools/temporal-binary.ts';
import { waitUntil } from '../../tools/wait-until.ts';
import {
  endlessScene,
  type FakeFilm,
  FilmLog,
  fakeActivities,
  plainFilm,
  sceneFailure,
} from './fake-film.ts';
import { withFilmWorkers } from './film-workers.ts';
import { historiesFolder } from './histories-folder.ts';

type Recording = {
  readonly film: Partial<FakeFilm>;
  /** What is done to the job while it runs. */
  readonly during?: (handle: WorkflowHandle, log: FilmLog) => Promise<void>;
};

const recordings: Readonly<Record<string, Recording>> = {
  done: { film: { scenes: 4, sounds: [0, 1] } },
  failed: {
    film: {
      scenes: 4,
      scene: (index) => (index === 1 ? Promise.reject(sceneFailure('intro', false)) : Promise.resolve()),
    },
  },
  cancelled: {
    film: { scenes: 4, sounds: [0], scene: endlessScene },
    during: async (handle, log) => {
      const isAtWork = (): Promise<void> =>
        log.atWork > 0 ? Promise.resolve() : Promise.reject(new Error('nothing is at work yet'));
      await waitUntil(isAtWork, { what: 'the first scene', timeoutMs: 10_000 });
      await handle.cancel();
    },
  },
  retried: {
    film: {
      scenes: 3,
      damaged: [[1]],
      scene: (index, attempt) =>
        index === 2 && attempt === 1 ? Promise.reject(sceneFailure('flaky', true)) : Promise.resolve(),
    },
  },
};

Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
const { path: binary } = await findTemporal();
const ports = {
  grpc: await freePort(),
  ui: await freePort(),
  http: await freePort(),
  metrics: await freePort(),
};
const server = await startTemporal({ binary, dataFile: null, isHeadless: true, ports });
try {
  await mkdir(historiesFolder, { recursive: true });
  const connection = await NativeConnection.connect({ address: server.address });
  const clientConnection = await Connection.connect({ address: server.address });
  const client = new Client({ connection: clientConnection });
  const starter = new TemporalStarter(server.address, 'default');
  for (const [name, recording] of Object.entries(recordings)) {
    const history = await record(name, recording, { connection, client, starter });
    await writeFile(join(historiesFolder, `${name}.json`), `${history}\n`);
  }
  await starter.close();
  await clientConnection.close();
  await connection.close();
} finally {
  await server.stop();
}

type Tools = {
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly starter: TemporalStarter;
};

async function record(name: string, { film, during }: Recording, tools: Tools): Promise<string> {
  const { connection } = tools;
  const log = new FilmLog();
  const activities = fakeActivities({ ...plainFilm, ...film }, log);
  return withFilmWorkers({ connection, activities }, async () => {
    const known = {
      userId: 'user',
      projectId: 'project',
      title: 'Recorded',
      plan: 'pro',
      traceParent: null,
    };
    await tools.starter.start({ jobId: name, ...known });
    const handle = tools.client.workflow.getHandle(renderWorkflowId(name));
    await during?.(handle, log);
    await handle.result().catch(() => undefined);
    return historyToJSON(await handle.fetchHistory());
  });
}
