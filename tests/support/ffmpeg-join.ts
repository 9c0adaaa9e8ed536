// Joins clips with FFmpeg's own concat demuxer: another program's word on what `joinFilm` writes.
import { writeFile } from 'node:fs/promises';
import type { FilmClip } from '../../ffmpeg/join-film.ts';
import { timescaleOf } from '../../plan-compiler/frame-time.ts';
import type { FrameRate } from '../../plan-compiler/render-plan.ts';
import { makeMedia, type TestFolder } from './ffmpeg-tools.ts';

export type FfmpegJoin = {
  readonly clips: readonly FilmClip[];
  readonly programmePath: string;
  readonly fps: FrameRate;
  readonly outputPath: string;
};

/** Without the `duration` lines each clip would begin up to 1 ms late. */
export async function joinWithFfmpeg(folder: TestFolder, join: FfmpegJoin): Promise<void> {
  const { clips, programmePath, fps, outputPath } = join;
  const microsecondsAt = (frame: number): number => Math.round((frame * 1_000_000 * fps.den) / fps.num);
  let frame = 0;
  const lines = clips.map(({ path, frames }) => {
    const duration = (microsecondsAt(frame + frames) - microsecondsAt(frame)) / 1_000_000;
    frame += frames;
    return `file '${path}'\nduration ${duration.toFixed(6)}\n`;
  });
  const list = folder.path('clips.ffconcat');
  await writeFile(list, `ffconcat version 1.0\n${lines.join('')}`);
  await makeMedia(
    ...['-xerror', '-f', 'concat', '-safe', '0', '-i', list, '-i', programmePath],
    ...['-map', '0:v', '-map', '1:a', '-c', 'copy', '-video_track_timescale', String(timescaleOf(fps))],
    outputPath,
  );
}
