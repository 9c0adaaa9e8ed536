// The server of docker-compose.yml without Docker: our processes as the build makes them, started with exactly the commands
// and settings that the file gives, with real Postgres, Temporal and an S3 server in the place of its images. Only addresses
// and passwords of those servers are put in.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../contract/job.ts';
import { type Child, startChild } from '../../tools/child-process.ts';
import { buildMinio, type RunningMinio, startMinio } from '../../tools/minio.ts';
import { freePort } from '../../tools/ports.ts';
import { type RunningPostgres, startPostgres } from '../../tools/postgres.ts';
import { newApiKey } from '../../tools/stack-home.ts';
import { startTemporal, type TemporalServer } from '../../tools/temporal.ts';
import { findTemporal } from '../../tools/temporal-binary.ts';
import { untilReady } from '../../tools/until-ready.ts';
import { readCompose } from '../integration/tools/compose-file.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const apiKey = newApiKey();
const variables = {
  POSTGRES_PASSWORD: 'unused-here',
  S3_SECRET_KEY: 'unused-here-too',
  LINK_SIGNING_SECRET: 'a-secret-of-the-test',
  BOOTSTRAP_API_KEY: apiKey,
};

let folder = '';
let postgres: RunningPostgres;
let temporal: TemporalServer;
let minio: RunningMinio;
const children: Child[] = [];
let apiUrl = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-compose-'));
  // Postgres runs under another account, which must be able to reach its folder.
  await chmod(folder, 0o755);
  await build(folder);
  const ports = {
    grpc: await freePort(),
    ui: await freePort(),
    http: await freePort(),
    metrics: await freePort(),
  };
  postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    isDisposable: true,
  });
  temporal = await startTemporal({
    binary: (await findTemporal()).path,
    dataFile: null,
    isHeadless: true,
    ports,
  });
  await mkdir(join(folder, 'objects'));
  const program = await buildMinio(() => undefined);
  minio = await startMinio({ program, dataDir: join(folder, 'objects'), port: await freePort() });
  const apiPort = await freePort();
  apiUrl = `http://127.0.0.1:${apiPort}`;
  await start('prepare', {});
  const own = { API_PORT: String(apiPort), PUBLIC_BASE_URL: apiUrl, HEALTH_PORT: String(await freePort()) };
  await start('api', own, `${apiUrl}/readyz`);
  await startWorker('control-worker');
  await startWorker('media-worker');
  await startWorker('media-worker');
});

afterAll(async () => {
  await Promise.all(children.map((child) => child.stop(5_000)));
  await Promise.all([minio.stop(), temporal.stop()]);
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What `npm run build` does, into a folder of the test's own. */
async function build(target: string): Promise<void> {
  const bin = join(repository, 'node_modules', '.bin');
  const dist = join(target, 'dist');
  await run(join(bin, 'tsc'), ['-p', join(repository, 'tsconfig.build.json'), '--outDir', dist]);
  await run(join(bin, 'tsx'), [join(repository, 'tools', 'copy-sql.ts'), dist]);
  await symlink(join(repository, 'node_modules'), join(target, 'node_modules'));
  await symlink(join(repository, 'package.json'), join(target, 'package.json'));
  await run('node', [join(dist, 'workers', 'bundle-workflows.js'), join(dist, 'workflow-bundles')]);
}

async function startWorker(name: 'control-worker' | 'media-worker'): Promise<void> {
  const port = await freePort();
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const own = {
    HEALTH_PORT: String(port),
    ...(name === 'media-worker' ? { RENDER_SCRATCH_DIR: scratch } : {}),
  };
  await start(name, own, `http://127.0.0.1:${port}/healthz`);
}

/** Starts a service; one without a health check is waited for until it ends well. */
async function start(
  name: string,
  changes: Readonly<Record<string, string>>,
  readyUrl?: string,
): Promise<void> {
  const service = readCompose(variables).services[name];
  if (service?.command === undefined)
    throw new Error(`docker-compose.yml has no service ${name} with a command.`);
  const [program, ...args] = service.command;
  expect(program).toBe('node');
  const addresses = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    S3_ENDPOINT: minio.endpoint,
    S3_ACCESS_KEY: minio.accessKey,
    S3_SECRET_KEY: minio.secretKey,
    API_HOST: '127.0.0.1',
  };
  const known = Object.entries({ ...addresses, ...changes }).filter(([key]) => key in service.environment);
  const environment = { PATH: process.env.PATH, ...service.environment, ...Object.fromEntries(known) };
  const child = await startChild({ file: process.execPath, args, cwd: folder, environment });
  if (readyUrl === undefined) {
    expect(await child.exited, child.tail()).toEqual({ code: 0, signal: null });
    return;
  }
  children.push(child);
  const isReady = async (): Promise<boolean> => (await fetch(readyUrl)).ok;
  await untilReady(child, { name, isReady, timeoutMs: 60_000 });
}

async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const response = await fetch(new URL(path, apiUrl), {
    method,
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Body;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

describe('the server of docker-compose.yml', () => {
  it('renders a film with its own settings, workers apart, objects in S3', async () => {
    const scenes = Array.from({ length: 4 }, (_, index) => ({
      id: `s${index}`,
      duration: 0.5,
      layers: [{ type: 'text', text: `scene ${index}`, fontSize: 40 }],
    }));
    const movie = { width: 640, height: 360, scenes };
    const { jobId } = await ask<{ jobId: string }>('POST', '/v1/render/jobs', {
      kind: 'movie',
      projectId: 'default',
      movie,
    });
    let job = await ask<JobView>('GET', `/v1/jobs/${jobId}`);
    while (job.status !== 'done' && job.status !== 'failed') {
      await new Promise((resolve) => setTimeout(resolve, 100));
      job = await ask<JobView>('GET', `/v1/jobs/${jobId}`);
    }
    expect(job.error).toBeNull();
    const film = await fetch(job.outputUrl ?? '', { headers: { range: 'bytes=4-7' } });
    expect(film.status).toBe(206);
    expect(await film.text()).toBe('ftyp');
    expect(job.mediaData).toMatchObject({ duration: 2, width: 640, height: 360 });
  });

  it('is found healthy by the very checks of the file', async () => {
    const check = readCompose(variables).services.api?.healthcheck;
    if (check === undefined || 'disable' in check) throw new Error('The API has no health check.');
    const [, program, ...args] = check.test;
    expect(program).toBe('node');
    const url = args.at(-1)?.replace('http://127.0.0.1:8787', apiUrl) ?? '';
    await run(process.execPath, [...args.slice(0, -1), url], { cwd: folder });
  });
});
