// The environment of the API and the workers: what the stack decides, above what the caller's shell says.
import { readSettings } from '../contract/settings.ts';
import type { ChosenFfmpeg } from './ffmpeg-choice.ts';
import { loopback } from './ports.ts';
import type { StackHome } from './stack-home.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type StackFacts = {
  readonly home: StackHome;
  readonly apiPort: number;
  readonly databaseUrl: string;
  readonly temporal: { readonly address: string; readonly uiUrl: string };
  readonly ffmpeg: ChosenFfmpeg;
  /** FFmpeg activities at once in one worker process; 0: one for each core. */
  readonly concurrency: number;
  /** An S3 server of the caller's own is used instead of the folder. */
  readonly usesS3: boolean;
};

/** Throws where the settings would be refused by our processes. */
export function stackEnvironment(facts: StackFacts, shell: Environment, overrides: Environment): Environment {
  const store = facts.usesS3 ? { STORE_DIR: '' } : { STORE_DIR: facts.home.store, S3_ENDPOINT: '' };
  const environment = {
    ...shell,
    ...store,
    DATABASE_URL: facts.databaseUrl,
    TEMPORAL_ADDRESS: facts.temporal.address,
    TEMPORAL_UI_URL: facts.temporal.uiUrl,
    FFMPEG_PATH: facts.ffmpeg.ffmpeg.path,
    FFPROBE_PATH: facts.ffmpeg.ffprobe.path,
    RENDER_SCRATCH_DIR: shell.RENDER_SCRATCH_DIR ?? facts.home.scratch,
    RENDER_CONCURRENCY: String(facts.concurrency),
    WORKER_ROLES: 'control,media',
    API_HOST: loopback,
    API_PORT: String(facts.apiPort),
    LINK_SIGNING_SECRET: facts.home.secrets.linkSigningSecret,
    BOOTSTRAP_API_KEY: facts.home.secrets.apiKey,
    ...overrides,
  };
  readSettings(environment);
  return environment;
}
