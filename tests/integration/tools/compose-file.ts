// Reads docker-compose.yml as the compose specification says: merges, its schema, then variables.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const Environment = z.record(z.string(), z.string());

/** The specification's own schema, as a linter of compose files brings it. Its `$schema` has not the address that draft 7 goes by. */
const linter = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
const specification = z
  .record(z.string(), z.unknown())
  .parse(JSON.parse(readFileSync(join(linter, 'schemas/compose.schema.json'), 'utf8')));
export const ComposeSpecification = z.fromJSONSchema({
  ...specification,
  $schema: 'http://json-schema.org/draft-07/schema#',
});

/** What of the specification our tests understand; more in the file is a fault until they do. */
const Service = z.strictObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: Environment.default({}),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({
        condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']),
      }),
    )
    .default({}),
  healthcheck: z.union([
    z.strictObject({ disable: z.literal(true) }),
    z.strictObject({
      test: z.tuple([z.enum(['CMD', 'CMD-SHELL']), z.string()]).rest(z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.int().positive(),
      start_period: z.string(),
    }),
  ]),
  restart: z.string().regex(/^(no|always|unless-stopped|on-failure(:\d+)?)$/),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  init: z.boolean().optional(),
  pids_limit: z.int().positive().optional(),
  mem_limit: z.string().optional(),
  shm_size: z.string().optional(),
  stop_grace_period: z.string().optional(),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
});
export type Service = z.infer<typeof Service>;

const Compose = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});
export type Compose = z.infer<typeof Compose>;

export function readCompose(variables: Readonly<Record<string, string>>): Compose {
  const known = Object.entries(readDocument()).filter(([key]) => !key.startsWith('x-'));
  return Compose.parse(interpolate(Object.fromEntries(known), variables));
}

/** The file as it stands, with its merges. */
export function readDocument(): Record<string, unknown> {
  const text = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
  return z.record(z.string(), z.unknown()).parse(parse(text, { merge: true }));
}

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, in every string. */
function interpolate(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return interpolateText(value, variables);
  if (Array.isArray(value)) return value.map((item: unknown) => interpolate(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, variables)]));
}

function interpolateText(text: string, variables: Readonly<Record<string, string>>): string {
  const pattern = /\$\$|\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}|\$/g;
  return text.replace(pattern, (whole: string, name?: string, kind?: string, rest: string = ''): string => {
    if (whole === '$$') return '$';
    if (name === undefined) throw new Error(`A lone "$" in "${text}"`);
    const value = variables[name] ?? '';
    if (value !== '') return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return kind === '-' ? rest : '';
  });
}
