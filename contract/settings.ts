// Every environment variable that a process of ours reads, with its unit, default and meaning.
import { z } from 'zod';
import { RenderError } from './errors.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const bytes = z.coerce.number().int().positive();
const count = z.coerce.number().int().positive();

export const Settings = z.object({
  DATABASE_URL: z.string().min(1).describe('postgres://…'),
  TEMPORAL_ADDRESS: z.string().min(1).describe('host:port of the Temporal front end.'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: z.string().default('').describe("Where Temporal's own UI is, for links; empty: no links."),
  STORE_DIR: z
    .string()
    .default('')
    .describe('Folder of the file-system store; used where S3_ENDPOINT is empty.'),
  S3_ENDPOINT: z.string().default('').describe('URL of an S3 server.'),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z.string().default('scenemill'),
  S3_ACCESS_KEY: z.string().default(''),
  S3_SECRET_KEY: z.string().default(''),
  FFMPEG_PATH: z.string().default('').describe('Programs; found on PATH where empty.'),
  FFPROBE_PATH: z.string().default(''),
  SANDBOX: z
    .enum(['auto', 'bwrap', 'none'])
    .default('auto')
    .describe(
      'FFmpeg sees only the files of its own run and no network: auto where bubblewrap works; bwrap: the worker does not start without; none: never.',
    ),
  FFMPEG_MEMORY_MAX_BYTES: bytes
    .min(300_000_000)
    .default(6_000_000_000)
    .describe('Address space of one FFmpeg; a 4K scene takes up to 3 GB.'),
  RENDER_SCRATCH_DIR: z
    .string()
    .default('')
    .describe("Parent of all scratch directories; default: the system's temp folder."),
  RENDER_SCRATCH_MAX_BYTES: bytes.default(20_000_000_000),
  RENDER_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(0)
    .max(256)
    .default(0)
    .describe('FFmpeg activities at once on one worker; 0: one for each core.'),
  ENCODER_THREADS: count
    .max(4)
    .default(2)
    .describe('Encoder threads of every scene; part of the cache key, so equal on all workers.'),
  REPEAT_STILLS: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      'Pictures that stand still are encoded once and repeated; off: every frame is encoded. Part of the cache key, so equal on all workers.',
    ),
  ASSET_CACHE_DIR: z
    .string()
    .default('')
    .describe('Where source files are kept between scenes; default: below the scratch folder.'),
  ASSET_CACHE_MAX_BYTES: bytes.default(10_000_000_000),
  CACHE_MAX_BYTES: bytes
    .default(100_000_000_000)
    .describe('What the clips of the scene cache may take together; the least recently used go first.'),
  CACHE_MAX_AGE_DAYS: count.default(60).describe('Clips that nobody has used for so long are removed.'),
  HISTORY_KEEP_DAYS: count
    .default(90)
    .describe(
      'What a scene was rendered from is known for so long after its last film, to explain misses in the cache.',
    ),
  HISTORY_MAX_ROWS: count
    .default(1_000_000)
    .describe('Of how many scenes that is known, all projects together; the oldest go first.'),
  JOB_KEEP_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .default(0)
    .describe(
      'Ended jobs that have no output any more are removed so long after their end, with document and scenes; 0: they stay until their user removes them.',
    ),
  HOUSEKEEPING: z
    .enum(['on', 'dry-run', 'off'])
    .default('on')
    .describe(
      'Removes clips beyond the bounds of the cache, outputs that their plan keeps no longer, histories and jobs past their time, and what dead processes left; dry-run: only reports what it would remove, as the result of its workflow.',
    ),
  HOUSEKEEPING_MINUTES: count.default(15).describe('Between two rounds of housekeeping.'),
  STARTUP_WAIT_SECONDS: z.coerce
    .number()
    .min(0)
    .max(3_600)
    .default(60)
    .describe(
      'How long a process that starts waits for Postgres, and a worker then for Temporal, before it ends with code 1.',
    ),
  SHUTDOWN_GRACE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_600)
    .default(20)
    .describe(
      'How long scenes may go on after SIGTERM before a worker hands them back; it has ended at the latest 25 s after that, and a second signal ends it at once.',
    ),
  WORKER_ROLES: z
    .string()
    .regex(/^(control|media|control,media|media,control)$/)
    .default('control,media')
    .describe('Which queues a worker serves: control, media or both, with a comma.'),
  HEALTH_PORT: port
    .default(0)
    .describe(
      'API and workers answer GET /healthz (200 while they take work) and GET /metrics (Prometheus) on this port of HEALTH_HOST; 0: they do not.',
    ),
  HEALTH_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Neither answer asks for a key: never an address that strangers reach.'),
  TEMPORAL_METRICS_PORT: port
    .default(0)
    .describe("A worker's Temporal SDK answers GET /metrics on this port of HEALTH_HOST; 0: it does not."),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .default('')
    .describe('Base URL of an OpenTelemetry collector that takes OTLP over HTTP; empty: no traces.'),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().default('').describe('name=value,name=value, for the collector.'),
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port.default(8787),
  PUBLIC_BASE_URL: z
    .string()
    .default('')
    .describe('What links begin with; default: http://API_HOST:API_PORT.'),
  LINK_SIGNING_SECRET: z.string().min(16).describe('Signs object links; at least 16 characters.'),
  LINK_SECONDS: count.default(3600).describe('Life of a signed link in seconds.'),
  WEBHOOK_ALLOWED_ADDRESSES: z
    .string()
    .default('')
    .describe(
      'Networks beside the public internet that webhooks may go to, http included, such as "192.168.1.0/24, fd00::/8"; empty: none.',
    ),
  WEBHOOK_SIGNING_SECRET: z
    .string()
    .regex(/^(.{16,})?$/)
    .default('')
    .describe(
      'What the secrets of webhooks are made from, at least 16 characters; empty: LINK_SIGNING_SECRET. Changing it changes them all.',
    ),
  WEBHOOK_RETRY_SECONDS: z.coerce
    .number()
    .min(0.01)
    .max(3600)
    .default(5)
    .describe('Pause before the first retry of a final event; doubled each time, up to an hour.'),
  WEBHOOK_RETRY_HOURS: z.coerce
    .number()
    .positive()
    .max(168)
    .default(24)
    .describe('How long a final event is retried.'),
  WEBHOOK_PROGRESS_SECONDS: z.coerce
    .number()
    .min(0.5)
    .max(3600)
    .default(6)
    .describe('Pause between two progress events of a job.'),
  WEBHOOK_KEEP_DAYS: count.default(30).describe('How long deliveries that have ended are listed.'),
  UPLOAD_MAX_BYTES: bytes.default(10_000_000_000),
  ASSETS_PER_USER_MAX: count
    .default(50_000)
    .describe('Assets that one user may have, all projects together.'),
  PROJECTS_PER_USER_MAX: count.default(10_000).describe('Projects that one user may have.'),
  BOOTSTRAP_API_KEY: z
    .string()
    .default('')
    .describe(
      'A key in the form of a key made by us: where set, the API makes sure that a user without limits, a project "default" and this key exist.',
    ),
  CANVAS_WIDTH_MIN: count.default(360),
  CANVAS_WIDTH_MAX: count.default(3840),
  CANVAS_HEIGHT_MIN: count.default(360),
  CANVAS_HEIGHT_MAX: count.default(2160),
  FPS_MAX: count.max(120).default(60),
  FILM_SECONDS_MAX: count.default(7200),
  PART_SECONDS_MAX: count.default(20).describe('Scenes longer than this are rendered in parts.'),
  JOB_SECONDS_MAX: count.default(14_400).describe('Bound of a whole job in seconds.'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});
export type Settings = z.infer<typeof Settings>;

/** Reads the environment; throws one error that lists every variable that is missing or wrong. An empty variable counts as not set. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = Settings.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new RenderError('INTERNAL', `The settings are not complete:\n${lines.join('\n')}`, {
    hint: 'docs/reference/settings.md has all of them.',
    retryable: false,
  });
}
