// Builds every port once: database, store, caches, scratch, fonts, drawer, FFmpeg.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlServices, type MediaServices, PlanFiles } from '../activities/index.ts';
import type { Settings } from '../contract/settings.ts';
import { openDatabase } from '../database/connect-database.ts';
import { createDrawer, drawingVersion, loadFontCatalogue } from '../drawing/index.ts';
import { describeFfmpeg } from '../ffmpeg/describe-ffmpeg.ts';
import type { FfmpegTools } from '../ffmpeg/ffmpeg-command.ts';
import { findSetpriv } from '../ffmpeg/find-setpriv.ts';
import { AssetCache } from '../storage/asset-cache.ts';
import { createStore } from '../storage/create-store.ts';
import { SceneCache } from '../storage/scene-cache.ts';
import { ScratchRoot } from '../storage/scratch.ts';
import { engineLimits } from './limits.ts';
import { rendererIdentity } from './renderer-identity.ts';

export type WorkerServices = ControlServices & MediaServices & { readonly close: () => Promise<void> };

export async function createServices(settings: Settings): Promise<WorkerServices> {
  const database = openDatabase(settings.DATABASE_URL);
  await database.migrate();
  const store = await createStore(settings);
  const fonts = await loadFontCatalogue();
  const drawer = createDrawer(fonts);
  const ffmpeg = await ffmpegTools(settings);
  const renderer = rendererIdentity({
    ffmpeg: (await describeFfmpeg(ffmpeg)).fingerprint,
    drawing: drawingVersion(),
  });
  return {
    ...database,
    store,
    cache: new SceneCache(store, database.clips),
    plans: new PlanFiles(store),
    ...(await localFolders(settings, store)),
    fonts,
    drawer,
    ffmpeg,
    renderer,
    limits: engineLimits(settings),
    encoderThreads: settings.ENCODER_THREADS,
    jobSecondsMax: settings.JOB_SECONDS_MAX,
    close: async () => {
      await drawer.close();
      await database.close();
    },
  };
}

async function ffmpegTools(settings: Settings): Promise<FfmpegTools> {
  return {
    ffmpegPath: settings.FFMPEG_PATH === '' ? 'ffmpeg' : settings.FFMPEG_PATH,
    ffprobePath: settings.FFPROBE_PATH === '' ? 'ffprobe' : settings.FFPROBE_PATH,
    setprivPath: await findSetpriv(),
  };
}
