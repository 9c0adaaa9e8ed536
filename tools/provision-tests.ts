// Gets hold of the real programs that the tests run against, so that a test never waits for a build.
import { type ChosenFfmpeg, chooseFfmpeg } from './ffmpeg-choice.ts';
import { buildMinio } from './minio.ts';
import { findTemporal } from './temporal-binary.ts';

/** The environment in which the tests find them. Postgres needs nothing: its programs come with a package. */
export async function provisionTests(onLog: (line: string) => void): Promise<Record<string, string>> {
  const ffmpeg = await announced('FFmpeg', onLog, (say) => chooseFfmpeg({ onLog: say }));
  // One after the other: each Go build uses every core there is.
  const temporal = await announced('Temporal', onLog, (say) => findTemporal({ onLog: say }));
  const minio = await announced('MinIO', onLog, (say) => buildMinio(say));
  return { ...ffmpegPaths(ffmpeg), SCENEMILL_TEMPORAL_BINARY: temporal.path, SCENEMILL_MINIO_BINARY: minio };
}

function ffmpegPaths(chosen: ChosenFfmpeg): Record<string, string> {
  return { FFMPEG_PATH: chosen.ffmpeg.path, FFPROBE_PATH: chosen.ffprobe.path };
}

async function announced<Result>(
  name: string,
  onLog: (line: string) => void,
  work: (say: (line: string) => void) => Promise<Result>,
): Promise<Result> {
  const startMs = Date.now();
  const result = await work((line) => onLog(`${name}: ${line}`));
  onLog(`${name}: ready after ${((Date.now() - startMs) / 1000).toFixed(1)} s`);
  return result;
}
