// One product of real processes for the cases of a file: API, a control worker, two media workers, Postgres, Temporal with a
// file, MinIO behind a proxy that breaks things on order, and an FFmpeg that misbehaves on order.
import { join } from 'node:path';
import type { JobView } from '../../contract/job.ts';
import type { MovieInput } from '../../contract/movie.ts';
import { openConnection } from '../../database/driver.ts';
import { S3Store } from '../../storage/s3-store.ts';
import { chooseFfmpeg } from '../../tools/ffmpeg-choice.ts';
import { buildMinio, type MinioKeys, newMinioKeys, startMinio } from '../../tools/minio.ts';
import { freePort } from '../../tools/ports.ts';
import { type Stack, startStack } from '../../tools/stack.ts';
import { type StackPart, startPart } from '../../tools/stack-part.ts';
import { type FaultEncoder, makeFaultEncoder } from './fault-encoder.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { makeHome, removeHome } from './home.ts';

export type World = {
  readonly stack: Stack;
  readonly home: string;
  readonly proxy: FaultProxy;
  readonly encoder: FaultEncoder;
  /** The process behind the proxy. */
  readonly storeServer: StackPart;
  /** Past the proxy. */
  readonly store: S3Store;
  sql<Row>(text: string, values?: Readonly<Record<string, unknown>>): Promise<readonly Row[]>;
  call<Body>(method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer<Body>>;
  submit(movie: MovieInput, options?: object, headers?: Headers): Promise<string>;
  job(jobId: string): Promise<JobView>;
  end(): Promise<void>;
};

type Headers = Readonly<Record<string, string>>;
type Answer<Body> = {
  readonly status: number;
  readonly body: Body;
  readonly retryAfter: string | null;
};

export const mediaWorkers = ['worker-2', 'worker-3'] as const;
export type MediaWorker = (typeof mediaWorkers)[number];

export async function openWorld(environment: Headers = {}): Promise<World> {
  const home = await makeHome();
  const { ffmpeg } = await chooseFfmpeg();
  const encoder = await makeFaultEncoder(join(home, 'faults'), ffmpeg.path);
  const minio = await startStoreServer(home);
  const proxy = await startFaultProxy(minio.endpoint);
  try {
    const stack = await startStack({
      home: join(home, 'stack'),
      isDisposable: true,
      keepsData: true,
      ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
      workers: { processes: 3, concurrency: 1, roles: ['control', 'media', 'media'] },
      environment: { ...settings(encoder, proxy, minio), ...environment },
    });
    return worldOf({ home, stack, proxy, encoder, minio });
  } catch (error) {
    await proxy.close();
    await minio.part.stop();
    throw error;
  }
}

type StoreServer = MinioKeys & { readonly endpoint: string; readonly part: StackPart };

/** It comes back to the same place with the same objects and keys. */
async function startStoreServer(home: string): Promise<StoreServer> {
  const program = await buildMinio(() => undefined);
  const [keys, port] = [newMinioKeys(), await freePort()];
  const start = () => startMinio({ program, dataDir: join(home, 'minio'), port, keys });
  const part = await startPart({ name: 'minio', start, onEnd: () => undefined });
  return { ...keys, endpoint: `http://127.0.0.1:${port}`, part };
}

function settings(encoder: FaultEncoder, proxy: FaultProxy, minio: StoreServer): Headers {
  return {
    CANVAS_WIDTH_MIN: '16',
    CANVAS_HEIGHT_MIN: '16',
    // Every picture is encoded, so that each scene has a run of FFmpeg with its own number of frames.
    REPEAT_STILLS: 'off',
    // The encoder that misbehaves reads its orders from a folder that a sandbox would hide.
    SANDBOX: 'none',
    FFMPEG_PATH: encoder.path,
    STORE_DIR: '',
    S3_ENDPOINT: proxy.url,
    S3_ACCESS_KEY: minio.accessKey,
    S3_SECRET_KEY: minio.secretKey,
    LOG_LEVEL: 'warn',
  };
}

type Parts = Pick<World, 'home' | 'stack' | 'proxy' | 'encoder'> & { readonly minio: StoreServer };

function worldOf({ home, stack, proxy, encoder, minio }: Parts): World {
  const { accessKey, secretKey, endpoint } = minio;
  const store = new S3Store({ endpoint, accessKey, secretKey, region: 'us-east-1', bucket: 'scenemill' });
  const call = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Headers = {},
  ): Promise<Answer<Body>> => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(new URL(path, stack.apiUrl), {
      method,
      headers: { 'x-api-key': stack.apiKey, ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? null : JSON.parse(text)) as Body,
      retryAfter: response.headers.get('retry-after'),
    };
  };
  return {
    stack,
    home,
    proxy,
    encoder,
    store,
    call,
    storeServer: minio.part,
    sql: (text, values = {}) => ask(stack.environment.DATABASE_URL ?? '', text, values),
    submit: async (movie, options = {}, headers = {}) => {
      const document = { kind: 'movie', projectId: stack.projectId, movie, ...options };
      const answer = await call<{ jobId: string }>('POST', '/v1/render/jobs', document, headers);
      if (answer.status !== 202 && answer.status !== 200)
        throw new Error(`not accepted: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body.jobId;
    },
    job: async (jobId) => {
      const answer = await call<JobView>('GET', `/v1/jobs/${jobId}`);
      if (answer.status !== 200) throw new Error(`${jobId}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    end: async () => {
      await stack.stop();
      await proxy.close();
      await minio.part.stop();
      await removeHome(home);
    },
  };
}

async function ask<Row>(url: string, text: string, values: object): Promise<readonly Row[]> {
  const connection = openConnection({ connectionString: url, max: 1 });
  try {
    return await connection.manyOrNone<Row>(text, values);
  } finally {
    await connection.$pool.end();
  }
}
