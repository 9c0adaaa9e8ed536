// Every environment variable that a process of ours reads, with its unit, default and meaning.
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const bytes = z.coerce.number().int().positive();
const count = z.coerce.number().int().positive();

export const Settings = z.object({
  /** postgres://… */
  DATABASE_URL: z.string().min(1),
  /** host:port of the Temporal front end. */
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** Where Temporal's own UI is, for links; empty: no links. */
  TEMPORAL_UI_URL: z.string().default(''),
  /** Folder of the file-system store; used where S3_ENDPOINT is empty. */
  STORE_DIR: z.string().default(''),
  /** URL of an S3 server. */
  S3_ENDPOINT: z.string().default(''),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z.string().default('scenemill'),
  S3_ACCESS_KEY: z.string().default(''),
  S3_SECRET_KEY: z.string().default(''),
  /** Programs; found on PATH where empty. */
  FFMPEG_PATH: z.string().default(''),
  FFPROBE_PATH: z.string().default(''),
  /** Parent of all scratch directories; default: the system's temp folder. */
  RENDER_SCRATCH_DIR: z.string().default(''),
  RENDER_SCRATCH_MAX_BYTES: bytes.default(20_000_000_000),
  /** FFmpeg activities at once on one worker; 0: one for each core. */
  RENDER_CONCURRENCY: z.coerce.number().int().min(0).max(256).default(0),
  /** Encoder threads of every scene; part of the cache key, so equal on all workers. */
  ENCODER_THREADS: count.max(4).default(2),
  /** Where source files are kept between scenes; default: below the scratch folder. */
  ASSET_CACHE_DIR: z.string().default(''),
  ASSET_CACHE_MAX_BYTES: bytes.default(10_000_000_000),
  /** Which queues a worker serves: control, media or both, with a comma. */
  WORKER_ROLES: z
    .string()
    .regex(/^(control|media|control,media|media,control)$/)
    .default('control,media'),
  /** A worker answers GET /healthz on this port of 127.0.0.1 with 200 while it takes work; 0: it does not. */
  HEALTH_PORT: port.default(0),
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port.default(8787),
  /** What links begin with; default: http://API_HOST:API_PORT. */
  PUBLIC_BASE_URL: z.string().default(''),
  /** Signs object links; at least 16 characters. */
  LINK_SIGNING_SECRET: z.string().min(16),
  /** Life of a signed link in seconds. */
  LINK_SECONDS: count.default(3600),
  UPLOAD_MAX_BYTES: bytes.default(10_000_000_000),
  /** A key in the form of a key made by us: where set, the API makes sure that a user without limits, a project "default" and this key exist. */
  BOOTSTRAP_API_KEY: z.string().default(''),
  CANVAS_WIDTH_MIN: count.default(360),
  CANVAS_WIDTH_MAX: count.default(3840),
  CANVAS_HEIGHT_MIN: count.default(360),
  CANVAS_HEIGHT_MAX: count.default(2160),
  FPS_MAX: count.max(120).default(60),
  FILM_SECONDS_MAX: count.default(7200),
  /** Scenes longer than this are rendered in parts. */
  PART_SECONDS_MAX: count.default(20),
  /** Bound of a whole job in seconds. */
  JOB_SECONDS_MAX: count.default(14_400),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});
export type Settings = z.infer<typeof Settings>;

/** Reads the environment; throws one Error that lists every variable that is missing or wrong. An empty variable counts as not set. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = Settings.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The settings are not complete:\n${lines.join('\n')}`);
}
