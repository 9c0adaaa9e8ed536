// A real S3 server for the contract test of the store; it is no part of the product.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, startChild } from './child-process.ts';
import { buildGoTool } from './go-tool.ts';
import { untilReady } from './until-ready.ts';

export type MinioKeys = { readonly accessKey: string; readonly secretKey: string };

export type MinioOptions = {
  /** What buildMinio returned. */
  readonly program: string;
  readonly dataDir: string;
  readonly port: number;
  /** Where it is to be started again for the same callers; new ones where not given. */
  readonly keys?: MinioKeys;
  readonly onLog?: (line: string) => void;
};

export type RunningMinio = MinioKeys & {
  readonly endpoint: string;
  readonly pid: number;
  readonly exited: Child['exited'];
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
};

const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;

/** The path of the MinIO server, built once from tools/minio/go.mod. */
export function buildMinio(onLog: (line: string) => void): Promise<string> {
  const moduleDir = join(import.meta.dirname, 'minio');
  return buildGoTool({ moduleDir, package: 'github.com/minio/minio', name: 'minio', onLog });
}

/** Starts MinIO on loopback with keys of its own. */
export async function startMinio(options: MinioOptions): Promise<RunningMinio> {
  const { accessKey, secretKey } = options.keys ?? newMinioKeys();
  const endpoint = `http://127.0.0.1:${options.port}`;
  await mkdir(options.dataDir, { recursive: true });
  const child = await startChild({
    file: options.program,
    args: ['server', '--quiet', '--address', `127.0.0.1:${options.port}`, options.dataDir],
    cwd: options.dataDir,
    environment: {
      PATH: process.env.PATH,
      HOME: options.dataDir,
      MINIO_ROOT_USER: accessKey,
      MINIO_ROOT_PASSWORD: secretKey,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    },
    ...(options.onLog === undefined ? {} : { onLine: options.onLog }),
  });
  await untilReady(child, {
    name: `MinIO on port ${options.port}`,
    isReady: () => answers(`${endpoint}/minio/health/ready`),
    timeoutMs: READY_TIMEOUT_MS,
  });
  const stop = async (): Promise<void> => {
    await child.stop();
  };
  const { pid, exited } = child;
  return { endpoint, accessKey, secretKey, pid, exited, kill: (signal) => child.kill(signal), stop };
}

export function newMinioKeys(): MinioKeys {
  return { accessKey: 'scenemill', secretKey: randomBytes(18).toString('base64url') };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  return response.ok;
}
