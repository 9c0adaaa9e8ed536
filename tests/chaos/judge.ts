// What must hold when everything is up again: each promise that a job, a user or a receiver was given.
import { createHash } from 'node:crypto';
import type { ErrorDetail, MediaData } from '../../contract/job.ts';
import { isFinal, type JobStatus } from '../../contract/names.ts';
import { WebhookEvent } from '../../contract/webhook.ts';
import { filmHash, leftoverProcesses, objectsBelow, scratchFiles } from '../faults/aftermath.ts';
import { until, untilEnded } from '../faults/wait.ts';
import type { World } from '../faults/world.ts';
import type { Receiver } from '../support/webhook-receiver.ts';
import type { AcceptedJob } from './job-mix.ts';
import type { Journal } from './journal.ts';
import { openWorkflows } from './open-workflows.ts';

export type Trial = {
  readonly world: World;
  readonly journal: Journal;
  readonly receiver: Receiver;
  readonly accepted: ReadonlyMap<string, AcceptedJob>;
};

export type JobRow = {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly error: string | null;
  readonly errorDetail: ErrorDetail | null;
  readonly mediaData: MediaData | null;
  readonly outputKey: string | null;
  readonly minutes: readonly number[];
};

const endMsMax = 300_000;
const cleanMsMax = 90_000;
const deliverMsMax = 120_000;
const referencesAtOnce = 4;

/** Waits, with bounds, until everything has come to rest. Returns the jobs as they ended. */
export async function judge(trial: Trial): Promise<readonly JobRow[]> {
  const { world, journal } = trial;
  await expectSoon(trial, { what: 'jobs without an end', msMax: endMsMax, look: () => openJobs(world) });
  const rows = await topRows(world);
  judgeList(trial, rows);
  const hashes = await referenceHashes(trial, rows);
  for (const row of rows) {
    const job = trial.accepted.get(row.jobId);
    if (job === undefined) continue;
    for (const fault of await faultsOf(world, { row, job, wanted: hashes.get(job.document.hash) ?? null }))
      journal.violation(`${row.jobId} (${row.status}): ${fault}`);
  }
  await judgeWebhooks(trial);
  await judgePlace(trial);
  return rows;
}

type Expectation = {
  readonly what: string;
  readonly msMax: number;
  /** What is still there and should not be. */
  readonly look: () => Promise<readonly string[]>;
};

async function expectSoon({ journal }: Trial, { what, msMax, look }: Expectation): Promise<void> {
  await until(async () => (await look()).length === 0, what, msMax).catch(() => undefined);
  const left = await look();
  if (left.length > 0) journal.violation(`${left.length} ${what}: ${left.slice(0, 5).join('; ')}`);
}

/** Rows of scenes among them. */
async function openJobs(world: World): Promise<readonly string[]> {
  const rows = await world.sql<{ line: string }>(
    "SELECT concat_ws(' ', job_id, status, phase, stage) AS line FROM jobs WHERE is_active",
  );
  return rows.map(({ line }) => line);
}

function topRows(world: World): Promise<readonly JobRow[]> {
  return world.sql<JobRow>(`SELECT "jobId", status, error, "errorDetail", "mediaData", "outputKey",
    ARRAY(SELECT minutes FROM usage_records WHERE job_id = "jobId") AS minutes
    FROM job_rows WHERE "parentJobId" IS NULL ORDER BY "createdAt"`);
}

/** No accepted job is missing, and none is there that nobody was told of. */
function judgeList({ journal, accepted }: Trial, rows: readonly JobRow[]): void {
  const found = new Set(rows.map(({ jobId }) => jobId));
  for (const jobId of accepted.keys()) if (!found.has(jobId)) journal.violation(`${jobId} is lost`);
  for (const { jobId } of rows)
    if (!accepted.has(jobId)) journal.violation(`${jobId}: nobody was told of it`);
}

/** Each document of a film that is done, rendered once more with nothing in its way and nothing from the cache. */
async function referenceHashes(
  { world, accepted, journal }: Trial,
  rows: readonly JobRow[],
): Promise<ReadonlyMap<string, string>> {
  world.proxy.clear();
  await world.encoder.clear();
  const documents = new Map(
    rows
      .filter(({ status }) => status === 'done')
      .flatMap(({ jobId }) => accepted.get(jobId)?.document ?? [])
      .map((document) => [document.hash, document]),
  );
  journal.note(`rendering ${documents.size} documents undisturbed`);
  const open = [...documents.values()];
  const hashes = new Map<string, string>();
  const renderAll = async (): Promise<void> => {
    for (let document = open.shift(); document !== undefined; document = open.shift()) {
      const jobId = await world.submit(document.movie, {
        renderOptions: { cache: 'refresh', reuseActive: false },
      });
      const view = await untilEnded(world, jobId, endMsMax);
      if (view.status === 'done') hashes.set(document.hash, await filmHash(view));
      else journal.violation(`undisturbed, ${jobId} ended as ${view.status}: ${view.error ?? ''}`);
    }
  };
  await Promise.all(Array.from({ length: referencesAtOnce }, renderAll));
  return hashes;
}

type Ended = { readonly row: JobRow; readonly job: AcceptedJob; readonly wanted: string | null };

async function faultsOf(world: World, ended: Ended): Promise<readonly string[]> {
  const { row, job } = ended;
  if (row.status === 'done') return faultsOfDone(world, ended);
  const left = [...(await objectsBelow(world, `outputs/${row.jobId}/`))];
  return [
    ...(row.minutes.length === 0 ? [] : [`booked ${row.minutes.join(' + ')} minutes`]),
    ...(left.length === 0 ? [] : [`left ${left.join(', ')}`]),
    ...(isFinal(row.status) ? [] : ['has no end']),
    ...(row.status === 'cancelled' && !job.isCancelAsked ? ['nobody cancelled it'] : []),
    ...(row.status === 'failed' ? faultsOfFailure(ended) : []),
  ];
}

async function faultsOfDone(world: World, { row, job, wanted }: Ended): Promise<readonly string[]> {
  const found = row.outputKey === null ? null : await hashOf(world, row.outputKey);
  const { sha256 = null, duration = 0 } = row.mediaData ?? {};
  const booked = row.minutes.join(' + ');
  const checks = {
    'it cannot be rendered': !job.document.isPoison,
    [`the film is ${found}, undisturbed it is ${wanted}`]: found !== null && found === wanted,
    [`the film is ${found}, its row says ${sha256}`]: found === sha256,
    [`${booked === '' ? 'no' : booked} minutes are booked`]: booked === String(duration / 60),
  };
  return Object.entries(checks).flatMap(([fault, isRight]) => (isRight ? [] : [fault]));
}

/** A reason names what failed and what to do; beside films that cannot be made, only that it died again and again is one. */
function faultsOfFailure({ row, job }: Ended): readonly string[] {
  const { errorDetail: detail, error } = row;
  const isRight = job.document.isPoison ? isNamed(detail) : isWornOut(row);
  return isRight ? [] : [`no right reason: ${error ?? 'none'} ${JSON.stringify(detail)}`];
}

function isNamed(detail: ErrorDetail | null): boolean {
  return detail?.code === 'SCENE_RENDER_FAILED' && detail.sceneId !== null && detail.hint !== null;
}

function isWornOut({ error, errorDetail }: JobRow): boolean {
  if (error === null || errorDetail === null) return false;
  return (
    errorDetail.hint !== null && (error.includes('workers were lost') || (errorDetail.attempt ?? 0) >= 3)
  );
}

async function hashOf(world: World, key: string): Promise<string | null> {
  if ((await world.store.stat(key)) === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of await world.store.read(key)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Each end is told under one id, and each was heard. */
async function judgeWebhooks(trial: Trial): Promise<void> {
  const { world, receiver, accepted, journal } = trial;
  const unheard = async (): Promise<readonly string[]> => {
    const rows = await world.sql<{ line: string }>(
      "SELECT job_id || ' ' || status AS line FROM webhook_deliveries WHERE status <> 'delivered'",
    );
    return rows.map(({ line }) => line);
  };
  await expectSoon(trial, { what: 'ends that were not heard', msMax: deliverMsMax, look: unheard });
  const ids = new Map<string, Set<string>>();
  for (const { headers, body } of receiver.received) {
    const { jobId, status } = WebhookEvent.parse(JSON.parse(body));
    if (!isFinal(status)) continue;
    ids.set(jobId, (ids.get(jobId) ?? new Set()).add(`${status} ${headers['webhook-id'] ?? 'no id'}`));
  }
  for (const { jobId, hasWebhook } of accepted.values()) {
    const told = ids.get(jobId)?.size ?? 0;
    if (told !== (hasWebhook ? 1 : 0)) journal.violation(`${jobId}: its end was told under ${told} ids`);
  }
}

/** Nothing left on the disk, in the store, among the processes, in the queues and in the quotas. */
async function judgePlace(trial: Trial): Promise<void> {
  const { world } = trial;
  const rowsOf = async (question: string): Promise<readonly string[]> =>
    (await world.sql<{ line: string }>(question)).map(({ line }) => line);
  const looks: readonly Expectation[] = [
    { what: 'files in scratch', msMax: cleanMsMax, look: () => scratchFiles(world) },
    { what: 'processes of FFmpeg', msMax: cleanMsMax, look: () => leftoverProcesses(world) },
    { what: 'intermediates', msMax: cleanMsMax, look: () => objectsBelow(world, 'intermediates/') },
    { what: 'jobs without an end', msMax: cleanMsMax, look: () => openJobs(world) },
    { what: 'workflows that go on', msMax: cleanMsMax, look: () => openWorkflows(world) },
    {
      what: 'jobs that hold minutes',
      msMax: 0,
      look: () => rowsOf('SELECT job_id AS line FROM jobs WHERE is_active AND reserved_minutes > 0'),
    },
    {
      what: 'accepted and not started',
      msMax: cleanMsMax,
      look: () =>
        rowsOf(
          'SELECT job_id AS line FROM outbox JOIN jobs USING (job_id) WHERE outbox.started_at IS NULL AND is_active',
        ),
    },
  ];
  for (const look of looks) await expectSoon(trial, look);
}
