// Wires the real services and serves the queues that the settings name.
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTelemetryFilterString, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createControlActivities, createMediaActivities } from '../activities/index.ts';
import { taskQueues } from '../contract/names.ts';
import type { Settings } from '../contract/settings.ts';
import { workerIdentity } from '../contract/worker-identity.ts';
import type { Sandbox } from '../ffmpeg/cage.ts';
import { connectTemporal } from './connect-temporal.ts';
import { createServices, type WorkerServices } from './create-services.ts';
import { observeActivities } from './observe-activities.ts';
import { observeWorkflows } from './observe-workflows.ts';
import { renderConcurrency } from './render-concurrency.ts';
import { type ExitCode, runWorkers } from './run-workers.ts';
import { temporalLogger } from './temporal-log.ts';
import { createWorkerTelemetry, type WorkerTelemetry } from './worker-telemetry.ts';
import { provideWorkflowBundle } from './workflow-bundle.ts';

export type RunningWorker = {
  readonly roles: readonly Role[];
  /** Resolves when the worker has been told to stop and has come to rest, or its time for that is up. */
  run(): Promise<ExitCode>;
};

type Role = 'control' | 'media';

/** Once it is told to hand its work back, no activity takes as long; what does is cut off with the process. */
const handBackSecondsMax = 20;
/** Control activities wait for the database and the store, not for the processor. */
const controlActivitiesMax = 20;
/** Workflows are small; the bundle's memory is what counts. */
const cachedWorkflowsMax = 200;

export async function startWorker(settings: Settings): Promise<RunningWorker> {
  const telemetry = await createWorkerTelemetry(settings);
  installRuntime(settings, telemetry);
  const services = await createServices(settings, telemetry);
  const { sandbox } = services.ffmpeg.cage;
  const roles = settings.WORKER_ROLES.split(',') as Role[];
  const waiting = { log: telemetry.log, secondsMax: settings.STARTUP_WAIT_SECONDS };
  const connection = await connectTemporal(settings, { isControl: roles.includes('control') }, waiting);
  const shared = { connection, namespace: settings.TEMPORAL_NAMESPACE };
  const workers = await Promise.all(
    roles.map(async (role) =>
      Worker.create({
        ...shared,
        identity: workerIdentity({ pid: process.pid, host: hostname(), sandbox: sandbox.kind }),
        interceptors: { activity: [observeActivities(telemetry)] },
        sinks: observeWorkflows(telemetry),
        ...lifeOptions(settings),
        ...(role === 'control' ? await controlOptions(services) : mediaOptions(settings, services)),
      }),
    ),
  );
  telemetry.log.info({ roles, sandbox: sandbox.kind, ...reasonOf(sandbox) }, 'worker ready');
  return { roles, run: () => runWorkers(workers, settings, { services, connection, telemetry }) };
}

/** Why FFmpeg is not shut in, where it is not. */
function reasonOf(sandbox: Sandbox): { readonly sandboxReason?: string } {
  return sandbox.kind === 'none' ? { sandboxReason: sandbox.reason } : {};
}

/** Once for each process, before anything connects. */
function installRuntime(settings: Settings, { log }: WorkerTelemetry): void {
  const { TEMPORAL_METRICS_PORT: port, HEALTH_HOST: host } = settings;
  Runtime.install({
    logger: temporalLogger(log),
    shutdownSignals: ['SIGTERM', 'SIGINT'],
    telemetryOptions: {
      // What the native part has to say goes the same way, as a line of JSON like any other.
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
      ...(port === 0 ? {} : { metrics: { prometheus: { bindAddress: `${host}:${port}` } } }),
    },
  });
}

type RoleOptions = Omit<WorkerOptions, 'connection' | 'namespace'>;

function lifeOptions({ SHUTDOWN_GRACE_SECONDS: seconds }: Settings): Partial<WorkerOptions> {
  return {
    shutdownGraceTime: `${seconds}s`,
    shutdownForceTime: `${seconds + handBackSecondsMax}s`,
    // A cancel travels in the answer to a heartbeat: with the default of 60 s an encoder would run on for half a minute.
    maxHeartbeatThrottleInterval: '1s',
  };
}

async function controlOptions(services: WorkerServices): Promise<RoleOptions> {
  return {
    taskQueue: taskQueues.control,
    workflowBundle: { codePath: await provideWorkflowBundle(join(tmpdir(), 'scenemill-bundles')) },
    activities: createControlActivities(services),
    maxConcurrentActivityTaskExecutions: controlActivitiesMax,
    maxCachedWorkflows: cachedWorkflowsMax,
  };
}

function mediaOptions(settings: Settings, services: WorkerServices): RoleOptions {
  return {
    taskQueue: taskQueues.media,
    activities: createMediaActivities(services),
    maxConcurrentActivityTaskExecutions: renderConcurrency(settings),
  };
}
