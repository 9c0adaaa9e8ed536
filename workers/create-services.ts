// Builds every port once: database, store, caches, scratch, fonts, drawer, FFmpeg.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlServices, type MediaServices, MemoryGate, PlanFiles } from '../activities/index.ts';
import { RenderError } from '../contract/errors.ts';
import type { Settings } from '../contract/settings.ts';
import { openDatabase } from '../database/connect-database.ts';
import { awaitedDatabase, databasePlace } from '../database/describe-database.ts';
import { createDrawer, drawingVersion, loadFontCatalogue } from '../drawing/index.ts';
import { describeFfmpeg } from '../ffmpeg/describe-ffmpeg.ts';
import type { FfmpegTools } from '../ffmpeg/ffmpeg-command.ts';
import { findProgram } from '../ffmpeg/find-program.ts';
import { openCage } from '../ffmpeg/open-cage.ts';
import { SkipFrameMaker } from '../ffmpeg/skip-frames.ts';
import { engineLimits } from '../plan-compiler/engine-limits.ts';
import { AssetCache } from '../storage/asset-cache.ts';
import { createStore } from '../storage/create-store.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { ObservedStore } from '../storage/observed-store.ts';
import { SceneCache } from '../storage/scene-cache.ts';
import { createScratch } from '../storage/scratch.ts';
import { thisWorker } from '../storage/worker-instance.ts';
import { waitForServer } from '../telemetry/wait-for-server.ts';
import { watchMachine } from './machine-metrics.ts';
import { observeRuns } from './observe-runs.ts';
import { filterThreads, renderConcurrency } from './render-concurrency.ts';
import { rendererIdentity } from './renderer-identity.ts';
import type { WorkerTelemetry } from './worker-telemetry.ts';

const daySeconds = 86_400;

export type WorkerServices = ControlServices & MediaServices & { readonly close: () => Promise<void> };

export async function createServices(
  settings: Settings,
  telemetry: WorkerTelemetry,
): Promise<WorkerServices> {
  const database = openDatabase(settings.DATABASE_URL);
  await waitForServer(
    { ...awaitedDatabase, at: databasePlace(settings.DATABASE_URL), connect: () => database.migrate() },
    { log: telemetry.log, secondsMax: settings.STARTUP_WAIT_SECONDS },
  );
  const store = new ObservedStore(await createStore(settings), telemetry.metrics.onStoreCall);
  const fonts = await loadFontCatalogue();
  const drawer = createDrawer(fonts);
  const ffmpeg = { ...(await ffmpegTools(settings)), onRun: observeRuns(telemetry) };
  const folders = await localFolders(settings, store);
  watchMachine(telemetry.metrics.registry, folders.scratch);
  const renderer = rendererIdentity({
    ffmpeg: (await describeFfmpeg(ffmpeg)).fingerprint,
    drawing: drawingVersion(),
  });
  return {
    ...database,
    store,
    cache: new SceneCache(store, database.clips),
    plans: new PlanFiles(store, database.planHashes),
    ...folders,
    fonts,
    drawer,
    ffmpeg,
    memory: new MemoryGate({ tools: ffmpeg, shares: renderConcurrency(settings) }),
    skipFrames: new SkipFrameMaker(ffmpeg, () => folders.scratch.open('worker', 'skip_frames')),
    renderer,
    limits: engineLimits(settings),
    encoding: { threads: settings.ENCODER_THREADS, repeatsStills: settings.REPEAT_STILLS === 'on' },
    jobSecondsMax: settings.JOB_SECONDS_MAX,
    houseBounds: {
      cacheBytesMax: settings.CACHE_MAX_BYTES,
      cacheSecondsMax: settings.CACHE_MAX_AGE_DAYS * daySeconds,
      historySecondsMax: settings.HISTORY_KEEP_DAYS * daySeconds,
      historyRowsMax: settings.HISTORY_MAX_ROWS,
      jobSecondsMax: settings.JOB_KEEP_DAYS === 0 ? null : settings.JOB_KEEP_DAYS * daySeconds,
    },
    close: async () => {
      await drawer.close();
      await database.close();
    },
  };
}

/** This worker's own folders; what a killed predecessor left in the scratch folder is swept first. */
async function localFolders(
  settings: Settings,
  store: ObjectStore,
): Promise<Pick<MediaServices, 'scratch' | 'sources'>> {
  const root = settings.RENDER_SCRATCH_DIR === '' ? join(tmpdir(), 'scenemill') : settings.RENDER_SCRATCH_DIR;
  const instance = await thisWorker(randomBytes(4).toString('hex'));
  await mkdir(root, { recursive: true });
  const scratch = createScratch({ root, maxBytes: settings.RENDER_SCRATCH_MAX_BYTES, instance });
  await scratch.sweep();
  const dir = settings.ASSET_CACHE_DIR === '' ? join(root, 'sources') : settings.ASSET_CACHE_DIR;
  const sources = new AssetCache({ dir, maxBytes: settings.ASSET_CACHE_MAX_BYTES, store, instance });
  return { scratch, sources };
}

async function ffmpegTools(settings: Settings): Promise<FfmpegTools> {
  const ffmpegPath = await findOrThrow(settings.FFMPEG_PATH === '' ? 'ffmpeg' : settings.FFMPEG_PATH);
  const ffprobePath = await findOrThrow(settings.FFPROBE_PATH === '' ? 'ffprobe' : settings.FFPROBE_PATH);
  const cage = await openCage({
    mode: settings.SANDBOX,
    programs: [ffmpegPath, ffprobePath],
    limits: {
      memoryBytesMax: settings.FFMPEG_MEMORY_MAX_BYTES,
      fileBytesMax: settings.RENDER_SCRATCH_MAX_BYTES,
    },
  });
  return { ffmpegPath, ffprobePath, cage, filterThreads: filterThreads(settings) };
}

async function findOrThrow(name: string): Promise<string> {
  const path = await findProgram(name);
  if (path !== null) return path;
  throw new RenderError('INTERNAL', `There is no program ${name} that can be run.`, {
    hint: 'Run "scenemill doctor" on the worker.',
    retryable: false,
  });
}
