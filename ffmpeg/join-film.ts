// Joins the scenes' clips by copying and lays the film's sound beside them: no picture is encoded twice.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { microsecondsBetween, timescaleOf } from '../plan-compiler/frame-time.ts';
import type { FrameRate, OutputSpec } from '../plan-compiler/render-plan.ts';
import type { FfmpegCommand, FfmpegTools } from './ffmpeg-command.ts';
import type { Progress } from './read-progress.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

export type FilmClip = { readonly path: string; readonly frames: number };

export type JoinRequest = {
  /** In film order, each written by `renderPicture`. */
  readonly clips: readonly FilmClip[];
  /** The .m4a that `mixProgramme` made. */
  readonly programmePath: string;
  readonly output: Pick<OutputSpec, 'fps' | 'sampleRate'>;
  /** A folder of ours for the list of clips. */
  readonly workDir: string;
  readonly outputPath: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
};

/** Writes the film; the caller verifies it with `verifyFilm`. Faults: ASSEMBLE_FAILED. */
export async function joinFilm(tools: FfmpegTools, request: JoinRequest): Promise<void> {
  const listPath = join(request.workDir, 'clips.ffconcat');
  await writeFile(listPath, clipList(request.clips, request.output.fps));
  await runFfmpeg(tools, joinCommand(request, listPath), {
    errorCode: 'ASSEMBLE_FAILED',
    what: `joining ${request.clips.length} clips`,
    signal: request.signal,
    onProgress: request.onProgress,
  });
}

/**
 * The list for the concat demuxer. Without its `duration` lines each clip would begin at the end that the one before it
 * states in its header, in rounded units: up to 1 ms late per clip (facts: ffmpeg, section 1).
 */
export function clipList(clips: readonly FilmClip[], fps: FrameRate): string {
  let frame = 0;
  const lines = clips.map(({ path, frames }) => {
    const micros = microsecondsBetween(frame, frame + frames, fps);
    frame += frames;
    return `file '${path.replaceAll("'", "'\\''")}'\nduration ${printSeconds(micros)}\n`;
  });
  return `ffconcat version 1.0\n${lines.join('')}`;
}

function printSeconds(micros: number): string {
  const digits = String(micros).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** The command as data. */
function joinCommand(
  request: Pick<JoinRequest, 'programmePath' | 'output' | 'outputPath'>,
  listPath: string,
): FfmpegCommand {
  const { output, programmePath, outputPath } = request;
  return {
    inputs: [
      // A missing or damaged clip ends the run with an error; without -xerror the film would end there, exit code 0.
      {
        path: listPath,
        options: ['-xerror', '-protocol_whitelist', 'file', '-f', 'concat', '-safe', '0'],
      },
      { path: programmePath, options: ['-f', 'mov'] },
    ],
    output: {
      streams: [],
      options: [
        ...['-map', '0:v:0', '-map', '1:a:0', '-c', 'copy'],
        ...['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact'],
        ...['-video_track_timescale', String(timescaleOf(output.fps))],
        ...['-movie_timescale', String(movieTimescale(output)), '-movflags', '+faststart', '-f', 'mp4'],
      ],
      path: outputPath,
    },
  };
}

/** A limit of no format, but players read the units of a long film as 32 bits. */
const movieTimescaleMax = 1_000_000;

/** Edit lists count in these units: both whole frames and whole samples fit, where there is such a number. */
function movieTimescale({ fps, sampleRate }: JoinRequest['output']): number {
  const track = timescaleOf(fps);
  const common = (track / greatestCommonDivisor(track, sampleRate)) * sampleRate;
  return common <= movieTimescaleMax ? common : sampleRate;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
