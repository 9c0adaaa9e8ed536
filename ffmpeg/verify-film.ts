// Checks the finished film against its plan: nothing is called done before.
import { stat } from 'node:fs/promises';
import { RenderError } from '../contract/errors.ts';
import { framesPerSecond, secondsOf } from '../plan-compiler/frame-time.ts';
import type { OutputSpec } from '../plan-compiler/render-plan.ts';
import { aacFrameSamples } from './check-sound.ts';
import type { FfmpegTools } from './ffmpeg-command.ts';
import { differs, formatFaults, readTrack, type TrackReport } from './picture-track.ts';
import { numberOf, textOf } from './read-media.ts';

type PlannedFilm = {
  readonly output: OutputSpec;
  readonly totalFrames: number;
  readonly totalSamples: number;
};

export type VerifyFilmRequest = {
  readonly path: string;
  readonly plan: PlannedFilm;
  readonly signal?: AbortSignal | undefined;
};

export type VerifiedFilm = {
  readonly frames: number;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly videoCodec: string;
  readonly audioCodec: string;
  readonly bytes: number;
};

/** What the film is. Throws VERIFICATION_FAILED naming everything that is not as planned. */
export async function verifyFilm(tools: FfmpegTools, request: VerifyFilmRequest): Promise<VerifiedFilm> {
  const { path, plan, signal } = request;
  const { fps } = plan.output;
  const track = await readTrack(tools, {
    path,
    signal,
    fps,
    what: 'the film',
    errorCode: 'VERIFICATION_FAILED',
  });
  const faults = filmFaults(track, plan);
  const { video, audio } = track;
  if (faults.length > 0 || video === null || audio === null) {
    throw new RenderError('VERIFICATION_FAILED', `The film is not as planned: ${faults.join(', ')}.`);
  }
  const { size } = await stat(path);
  return {
    frames: track.frames,
    durationSeconds: secondsOf(track.frames, fps),
    width: numberOf(video, 'width'),
    height: numberOf(video, 'height'),
    fps: framesPerSecond(fps),
    videoCodec: textOf(video, 'codec_name'),
    audioCodec: textOf(audio, 'codec_name'),
    bytes: size,
  };
}

function filmFaults(
  track: TrackReport,
  { output, totalFrames, totalSamples }: PlannedFilm,
): readonly string[] {
  const isMp4 = textOf(track.format, 'format_name').split(',').includes('mp4');
  return [
    ...(isMp4 ? [] : [`container ${textOf(track.format, 'format_name')} instead of mp4`]),
    ...formatFaults(track.video, output),
    ...differs('streams', track.streamCount, 2),
    ...differs('frames', track.frames, totalFrames),
    ...(track.firstFrameOffGrid === null ? [] : [`frame ${track.firstFrameOffGrid} at a wrong time`]),
    ...soundFaults(track, output, totalSamples),
  ];
}

function soundFaults(track: TrackReport, output: OutputSpec, totalSamples: number): readonly string[] {
  if (track.audio === null) return ['no sound'];
  const isLong = Math.abs(track.soundEnd - totalSamples) < aacFrameSamples;
  return [
    ...differs('sound codec', textOf(track.audio, 'codec_name'), output.audio.codec),
    ...differs('sample rate', numberOf(track.audio, 'sample_rate'), output.sampleRate),
    ...differs('channels', numberOf(track.audio, 'channels'), output.audio.channels),
    ...differs('start of the sound', textOf(track.audio, 'start_pts'), '0'),
    ...(isLong ? [] : [`${track.soundEnd} samples instead of ${totalSamples}`]),
  ];
}
