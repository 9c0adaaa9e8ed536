// What a job made: its plan and its artifacts.
import { pipeline, type Readable } from 'node:stream';
import { z } from 'zod';
import { type Artifact, ArtifactList } from '../../contract/answers.ts';
import { RenderError } from '../../contract/errors.ts';
import { objectKeys } from '../../storage/object-keys.ts';
import { ObjectNotFound } from '../../storage/object-store.ts';
import { type Api, type ApiServer, faultAnswers, JobParams, ownJob } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { CheckedBytes } from '../checked-bytes.ts';

const artifactTypes = {
  'output.mp4': 'video/mp4',
  'thumbnail.jpg': 'image/jpeg',
  'metadata.json': 'application/json',
} as const satisfies Record<Artifact['name'], string>;

export function resultRoutes(server: ApiServer, api: Api): void {
  getPlan(server, api);
  listArtifacts(server, api);
}

function getPlan(server: ApiServer, api: Api): void {
  server.get(
    '/v1/jobs/:jobId/plan',
    {
      schema: {
        operationId: 'getPlan',
        tags: ['jobs'],
        summary: 'The compiled render plan',
        description: '404 until the job is planned. Of a scene: the plan of its job.',
        params: JobParams,
        response: {
          200: z.unknown().describe('The plan, streamed and checked; cut off where it is damaged'),
          ...faultAnswers,
        },
      },
    },
    async (request, reply) => {
      const { jobId, parentJobId } = await ownJob(api, callerOf(request), request.params.jobId);
      const plan = await readPlan(api, parentJobId ?? jobId);
      return reply.type('application/json').send(plan);
    },
  );
}

function listArtifacts(server: ApiServer, api: Api): void {
  server.get(
    '/v1/jobs/:jobId/artifacts',
    {
      schema: {
        operationId: 'listArtifacts',
        tags: ['jobs'],
        summary: 'Output, thumbnail and metadata, with signed links',
        description: 'Empty until the job is done.',
        params: JobParams,
        response: { 200: ArtifactList, ...faultAnswers },
      },
    },
    async (request) => {
      const job = await ownJob(api, callerOf(request), request.params.jobId);
      // Before `done` the result may lie there and not be verified yet.
      if (job.status !== 'done' || job.outputKey === null) return { artifacts: [] };
      const names = ['output.mp4', 'thumbnail.jpg', 'metadata.json'] as const;
      const found = await Promise.all(names.map((name) => artifact(api, job.jobId, name)));
      return { artifacts: found.filter((item) => item !== null) };
    },
  );
}

/** Held against the hash that was recorded when it was written: a damaged plan is an error, not a plan. */
async function readPlan(api: Api, jobId: string): Promise<Readable> {
  const hashes = await api.planHashes.find(jobId);
  if (hashes === null) throw noPlan();
  const checked = new CheckedBytes(hashes.plan, () => damagedPlan(jobId));
  // Each end takes the other with it; whoever reads hears of the error.
  return pipeline(await openPlan(api, jobId), checked, () => undefined);
}

async function openPlan(api: Api, jobId: string): Promise<Readable> {
  try {
    return await api.store.read(objectKeys.plan(jobId));
  } catch (error) {
    if (error instanceof ObjectNotFound) throw noPlan();
    throw error;
  }
}

function damagedPlan(jobId: string): RenderError {
  return new RenderError('PLAN_UNAVAILABLE', `The stored plan of ${jobId} is not what was written.`, {
    hint: 'Retry the job: a new one gets a plan of its own.',
  });
}

function noPlan(): RenderError {
  return new RenderError('NOT_FOUND', 'The job has no plan.', {
    hint: 'It is made in the first phase; a document that could not be planned has none.',
  });
}

async function artifact(api: Api, jobId: string, name: Artifact['name']): Promise<Artifact | null> {
  const key = objectKeys.output(jobId, name);
  const info = await api.store.stat(key);
  if (info === null) return null;
  const { url, expiresAt } = api.links.link(key);
  return {
    name,
    contentType: artifactTypes[name],
    bytes: info.bytes,
    url,
    expiresAt: expiresAt.toISOString(),
  };
}
