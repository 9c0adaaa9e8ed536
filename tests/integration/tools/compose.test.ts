import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readSettings, Settings } from '../../../contract/settings.ts';
import { describeExit, startChild } from '../../../tools/child-process.ts';
import { freePort } from '../../../tools/ports.ts';
import {
  type Compose,
  ComposeSpecification,
  readCompose,
  readDocument,
  type Service,
} from './compose-file.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const settingNames = Object.keys(Settings.shape);
const ours = ['api', 'control-worker', 'media-worker'] as const;

/** Runs one of the files of tools/ as the container would, and gives back how it ended and what it said. */
async function run(file: string, args: readonly string[] = []): Promise<{ how: string; text: string }> {
  const lines: string[] = [];
  const child = await startChild({
    file: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), `${root}tools/${file}.ts`, ...args],
    environment: process.env,
    onLine: (line) => lines.push(line),
  });
  return { how: describeExit(await child.exited), text: lines.join('\n') };
}

/** What `tools/new-environment.ts` prints is what the guide tells people to use. */
async function newEnvironment(): Promise<Record<string, string>> {
  const { text } = await run('new-environment');
  const pairs = text.split('\n').filter((line) => /^[A-Z0-9_]+=/.test(line));
  return Object.fromEntries(
    pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

const environment = await newEnvironment();
const compose: Compose = readCompose(environment);
const services = Object.entries(compose.services);

const service = (name: string): Service => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`There is no service ${name}`);
  return found;
};

describe('the compose file', () => {
  it('is one by the schema of the compose specification', () => {
    expect(ComposeSpecification.safeParse(readDocument()).error).toBeUndefined();
  });

  it.each([
    ['a service', { services: { api: { image: 'a', healthchek: {} } } }],
    ['a health check', { services: { api: { healthcheck: { test: 'true', retrys: 3 } } } }],
    ['a condition', { services: { api: { depends_on: { s3: { condition: 'healthy' } } } } }],
    ['the whole', { volums: {} }],
  ])('would be refused by it for a wrong word in %s', (_, wrong) => {
    expect(ComposeSpecification.safeParse(wrong).success).toBe(false);
  });

  it('has every part of a server', () => {
    expect(services.map(([name]) => name)).toEqual([
      ...['postgres', 'temporal-schema', 'temporal', 'temporal-ui', 's3', 'prepare'],
      ...ours,
    ]);
  });

  it('asks for its secrets instead of having any', () => {
    for (const name of ['POSTGRES_PASSWORD', 'S3_SECRET_KEY', 'LINK_SIGNING_SECRET'])
      expect(() => readCompose({ ...environment, [name]: '' })).toThrow(`${name}: run the command`);
    const text = readFileSync(`${root}docker-compose.yml`, 'utf8');
    for (const secret of ['PASSWORD', 'SECRET_KEY', 'SIGNING_SECRET', 'POSTGRES_PWD', 'API_KEY'])
      expect(text).not.toMatch(
        new RegExp(`^\\s*\\w*${secret}:(?! *\\$\\{| *postgres://scenemill:\\$\\{)`, 'm'),
      );
  });

  it.each(services)('pins the image of %s', (_, { image }) => {
    expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?([.-][\w.-]+)?$/);
  });

  it.each(ours)('starts %s with the bound that keeps it small, as the stack of a developer does', (name) => {
    const [, ...flags] = service(name).command?.slice(0, -1) ?? [];
    expect(flags).toEqual(['--max-semi-space-size=2']);
    const starter = readFileSync(`${root}tools/stack-process.ts`, 'utf8');
    expect(starter).toContain(`['${flags.join("', '")}']`);
  });

  it('gives processes the same settings of memory in the image as in the stack of a developer', () => {
    const [image, starter] = ['Dockerfile', 'tools/stack-process.ts'].map((name) =>
      [...readFileSync(`${root}${name}`, 'utf8').matchAll(/(MALLOC_\w+)(?:=|: ')(\d+)/g)].map(
        ([, setting, value]) => `${setting}=${value}`,
      ),
    );
    expect(starter).toHaveLength(3);
    expect(image).toEqual(starter);
  });

  it.each(services)('watches %s, or has it end by itself', (name, { healthcheck }) => {
    const isWaitedFor = services.some(
      ([, other]) => other.depends_on[name]?.condition === 'service_completed_successfully',
    );
    expect('disable' in healthcheck).toBe(isWaitedFor);
  });

  it.each(services)('has %s wait only for what can come true', (_, { depends_on }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const ends = 'disable' in service(name).healthcheck;
      expect(condition).toBe(ends ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  it('has no circle of waiting', () => {
    const visit = (name: string, path: readonly string[]): void => {
      expect(path).not.toContain(name);
      for (const next of Object.keys(service(name).depends_on)) visit(next, [...path, name]);
    };
    for (const [name] of services) visit(name, []);
  });

  it.each(services)('takes every privilege from %s that it can do without', (_, part) => {
    expect(part.cap_drop).toEqual(['ALL']);
    expect(part.security_opt).toEqual(['no-new-privileges:true']);
    expect(part.volumes.join()).not.toContain('docker.sock');
  });

  it.each(services)('opens the ports of %s on loopback only', (_, { ports }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('lets there be several media workers side by side', () => {
    // A port of the machine or a volume with a name would belong to the first of them alone.
    expect(service('media-worker').ports).toEqual([]);
    for (const volume of service('media-worker').volumes) expect(volume).not.toContain(':');
    expect(readDocument().services).not.toHaveProperty(['media-worker', 'container_name']);
  });

  it('names only volumes and files that are there', () => {
    for (const [, { volumes }] of services) {
      for (const volume of volumes) {
        const source = volume.includes(':') ? (volume.split(':')[0] ?? '') : null;
        if (source?.startsWith('./') === true) expect(existsSync(root + source)).toBe(true);
        else if (source !== null) expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });
});

describe('our processes in the compose file', () => {
  it.each(ours)('%s gets settings that it accepts, and none that it does not know', (name) => {
    expect(Object.keys(service(name).environment).filter((key) => !settingNames.includes(key))).toEqual([]);
    const settings = readSettings(service(name).environment);
    expect(settings.DATABASE_URL).toBe(
      `postgres://scenemill:${environment.POSTGRES_PASSWORD}@postgres:5432/scenemill`,
    );
    expect(new URL(settings.DATABASE_URL).hostname).toBe('postgres');
  });

  it('serve both queues between them, and agree on the cache keys', () => {
    expect(['control-worker', 'media-worker'].map((name) => service(name).environment.WORKER_ROLES)).toEqual([
      'control',
      'media',
    ]);
    for (const name of ['ENCODER_THREADS', 'S3_BUCKET', 'TEMPORAL_NAMESPACE'])
      expect(new Set(ours.map((role) => service(role).environment[name])).size).toBe(1);
  });

  it('run files that the build makes', () => {
    for (const name of [...ours, 'prepare']) {
      const { command = [], healthcheck } = service(name);
      const files = [...command, ...('test' in healthcheck ? healthcheck.test : [])].filter((word) =>
        word.endsWith('.js'),
      );
      expect(files.length).toBeGreaterThan(0);
      for (const file of files)
        expect(existsSync(root + file.replace('dist/', '').replace(/\.js$/, '.ts'))).toBe(true);
    }
  });

  it('are checked at the address where they answer', () => {
    for (const name of ours) {
      const { environment: given, healthcheck } = service(name);
      const url = 'test' in healthcheck ? (healthcheck.test.at(-1) ?? '') : '';
      expect(new URL(url).port).toBe(name === 'api' ? given.API_PORT : given.HEALTH_PORT);
    }
  });

  it('speak to the servers at the names and ports that these have', () => {
    const { S3_ENDPOINT = '', TEMPORAL_ADDRESS, S3_ACCESS_KEY, S3_SECRET_KEY } = service('api').environment;
    const s3 = service('s3').environment;
    expect(new URL(S3_ENDPOINT).host).toBe(`s3${s3.VGW_PORT}`);
    expect([S3_ACCESS_KEY, S3_SECRET_KEY]).toEqual([s3.ROOT_ACCESS_KEY, s3.ROOT_SECRET_KEY]);
    expect(TEMPORAL_ADDRESS).toBe('temporal:7233');
    expect(service('temporal').environment.POSTGRES_PWD).toBe(environment.POSTGRES_PASSWORD);
  });
});

describe('the health check of a container', () => {
  const answers = { code: 200 };
  const server = createServer((_, response) => void response.writeHead(answers.code).end());
  afterEach(() => void server.close());

  it('follows what the process answers, and fails where nothing does', async () => {
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${port}/healthz`;
    expect((await run('check-health', [url])).how).toBe('ended with code 0');
    answers.code = 503;
    expect((await run('check-health', [url])).how).toBe('ended with code 1');
    expect((await run('check-health', [`http://127.0.0.1:${await freePort()}/`])).how).toBe(
      'ended with code 1',
    );
  });
});
