// Reads back the pictures of a file of ours: how many there are, when each is shown, and in what format.
import type { ErrorCode } from '../contract/errors.ts';
import type { FrameRate, OutputSpec } from '../plan-compiler/render-plan.ts';
import type { FfmpegTools } from './ffmpeg-command.ts';
import { PacketCounts } from './packet-counts.ts';
import { type MediaFields, type MediaPacket, numberOf, readMedia, textOf } from './read-media.ts';
import { probeTimeoutMs } from './run-ffprobe.ts';

export type ReadTrackRequest = {
  readonly path: string;
  readonly what: string;
  readonly errorCode: ErrorCode;
  readonly fps: FrameRate;
  readonly signal?: AbortSignal | undefined;
};

export type TrackReport = {
  readonly format: MediaFields;
  readonly video: MediaFields | null;
  readonly audio: MediaFields | null;
  readonly streamCount: number;
  readonly frames: number;
  /** The first frame that does not stand at n ÷ fps; null where all do. */
  readonly firstFrameOffGrid: number | null;
  /** Where the sound ends, in samples; 0 where there is none. */
  readonly soundEnd: number;
};

/** Long films have many packets; four times the time of a probe is still far below an activity's. */
const readTimeoutMs = 4 * probeTimeoutMs;

/** Reads every packet once. */
export async function readTrack(tools: FfmpegTools, request: ReadTrackRequest): Promise<TrackReport> {
  const counts = new PacketCounts();
  const grid = new FrameGrid();
  const report = await readMedia(tools, {
    ...request,
    inputOptions: ['-f', 'mov'],
    timeoutMs: readTimeoutMs,
    onPacket: (packet) => {
      counts.add(packet);
      grid.add(packet);
    },
  });
  const video = report.streams.find((stream) => stream.codec_type === 'video') ?? null;
  const audio = report.streams.find((stream) => stream.codec_type === 'audio') ?? null;
  const index = video === null ? -1 : numberOf(video, 'index');
  return {
    format: report.format,
    video,
    audio,
    streamCount: report.streams.length,
    frames: counts.of(index).packets,
    firstFrameOffGrid: video === null ? null : grid.firstMiss(index, ticksPerFrame(video, request.fps)),
    soundEnd: audio === null ? 0 : (counts.of(numberOf(audio, 'index')).end ?? 0),
  };
}

/** What differs from the film's format, each as "width 32 instead of 64". */
export function formatFaults(video: MediaFields | null, output: OutputSpec): readonly string[] {
  if (video === null) return ['no pictures'];
  const faults = [
    differs('codec', textOf(video, 'codec_name'), output.video.codec),
    differs('width', textOf(video, 'width'), String(output.width)),
    differs('height', textOf(video, 'height'), String(output.height)),
    differs('pixel format', textOf(video, 'pix_fmt'), 'yuv420p'),
  ];
  return faults.flat();
}

/** Empty where they are equal. */
export function differs(name: string, found: string | number, expected: string | number): readonly string[] {
  return found === expected ? [] : [`${name} ${found} instead of ${expected}`];
}

/** Units of the track's time base that one frame lasts. */
function ticksPerFrame(video: MediaFields, fps: FrameRate): number {
  const [num = 0, den = 1] = textOf(video, 'time_base').split('/').map(Number);
  return (den * fps.den) / (num * fps.num);
}

/**
 * Finds where frame n is not at n steps, without keeping the times: per stream, the step of the first pair and the first
 * packet that breaks it. Clips have no B-frames, so packets come in the order they are shown.
 */
class FrameGrid {
  private readonly tracks = new Map<number, { step: number | null; count: number; miss: number | null }>();

  add({ stream, pts, isDiscarded }: MediaPacket): void {
    const track = this.tracks.get(stream) ?? { step: null, count: 0, miss: null };
    const expected = track.count === 0 ? 0 : track.count * (track.step ?? pts ?? 0);
    if (track.count === 1) track.step = pts;
    if (track.miss === null && (isDiscarded || pts !== expected)) track.miss = track.count;
    track.count += 1;
    this.tracks.set(stream, track);
  }

  firstMiss(stream: number, ticks: number): number | null {
    const track = this.tracks.get(stream);
    if (track === undefined) return 0;
    if (track.miss !== null) return track.miss;
    return track.step === null || track.step === ticks ? null : 1;
  }
}
