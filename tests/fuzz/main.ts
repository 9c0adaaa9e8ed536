// `npm run test:fuzz`: Schemathesis asks a real server, on a real Postgres and Temporal, whatever its own OpenAPI allows and
// forbids. No answer may be a 5xx, and each must be what the description says.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Stack, startStack } from '../../tools/stack.ts';
import { narrowSchema } from './narrow-schema.ts';
import { makeThings } from './real-things.ts';
import { exitCode, findSchemathesis } from './schemathesis.ts';

const RUN_MS_MAX = 30 * 60_000;
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
  'use_after_free',
];

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      /** Requests for each operation and kind of test. */
      examples: { type: 'string', default: '30' },
    },
  });
  const program = await findSchemathesis((line) => console.log(line));
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-fuzz-'));
  const stack = await startStack({
    isDisposable: true,
    ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
    workers: { processes: 1, concurrency: 1 },
    environment: {
      CANVAS_WIDTH_MIN: '16',
      CANVAS_WIDTH_MAX: '64',
      CANVAS_HEIGHT_MIN: '16',
      CANVAS_HEIGHT_MAX: '64',
      FILM_SECONDS_MAX: '2',
      UPLOAD_MAX_BYTES: '100000',
      LOG_LEVEL: 'error',
    },
  });
  try {
    const files = await writeSchemas(stack, folder);
    let failed = 0;
    for (const [name, file] of Object.entries(files)) {
      console.log(`\n== ${name}`);
      const code = await exitCode(program, argumentsFor(stack, file, values), {
        msMax: RUN_MS_MAX,
        cwd: folder,
      });
      failed += code === 0 ? 0 : 1;
    }
    console.log(`${Object.keys(files).length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function argumentsFor(
  { apiUrl, apiKey }: Stack,
  file: string,
  options: { readonly seed: string; readonly examples: string },
): readonly string[] {
  return [
    ...['run', file, '--url', apiUrl, '--header', `x-api-key:${apiKey}`],
    ...['--checks', checks.join(','), '--seed', options.seed, '--max-examples', options.examples],
    ...['--generation-database', 'none', '--continue-on-failure', '--suppress-health-check', 'all'],
    ...['--request-timeout', '90', '--warnings', 'off', '--no-color'],
  ];
}

/** The description as it is, and one with things in it that exist. */
async function writeSchemas(stack: Stack, folder: string): Promise<Record<string, string>> {
  const openapi: unknown = await (await fetch(`${stack.apiUrl}/openapi.json`)).json();
  const schemas = {
    'as described': openapi,
    'with things that exist': narrowSchema(openapi, await makeThings(stack)),
  };
  const written = Object.entries(schemas).map(async ([name, schema], index) => {
    const file = join(folder, `openapi-${index}.json`);
    await writeFile(file, JSON.stringify(schema));
    return [name, file] as const;
  });
  return Object.fromEntries(await Promise.all(written));
}
