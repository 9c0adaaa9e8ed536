// Reads back the pictures of a file of ours: how many there are, when each is shown, and in what format.
import type { ErrorCode } from '../contract/errors.ts';
import { timescaleOf } from '../plan-compiler/frame-time.ts';
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
  const ticks = (timescaleOf(request.fps) * request.fps.den) / request.fps.num;
  const grid = new FrameGrid(ticks);
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
  // In another time base the same numbers are other times.
  const firstMiss = video !== null && ticksPerFrame(video, request.fps) !== ticks ? 1 : grid.firstMiss(index);
  return {
    format: report.format,
    video,
    audio,
    streamCount: report.streams.length,
    frames: counts.of(index).packets,
    firstFrameOffGrid: video === null ? null : firstMiss,
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
    differs('range', textOf(video, 'color_range'), 'tv'),
    differs('colour space', textOf(video, 'color_space'), 'bt709'),
    differs('colour primaries', textOf(video, 'color_primaries'), 'bt709'),
    differs('colour transfer', textOf(video, 'color_transfer'), 'bt709'),
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

/** x264 shows a picture at most 16 pictures later than it is coded; ours at most two. */
const reorderedMax = 16;

/** Finds where frame n is not at n steps; pictures come in the order in which they are coded, so a few wait for their turn. */
class FrameGrid {
  private readonly ticks: number;
  private readonly tracks = new Map<number, Track>();

  constructor(ticks: number) {
    this.ticks = ticks;
  }

  add({ stream, pts, isDiscarded }: MediaPacket): void {
    const track = this.tracks.get(stream) ?? { next: 0, early: new Set(), miss: null };
    this.tracks.set(stream, track);
    if (track.miss !== null) return;
    if (isDiscarded || pts === null || track.early.size > reorderedMax) {
      track.miss = track.next;
      return;
    }
    track.early.add(pts);
    while (track.early.delete(track.next * this.ticks)) track.next += 1;
  }

  firstMiss(stream: number): number | null {
    const track = this.tracks.get(stream);
    if (track === undefined) return 0;
    return track.early.size > 0 ? track.next : track.miss;
  }
}

type Track = {
  /** The frame whose turn it is. */
  next: number;
  /** Times of frames that came before their turn. */
  readonly early: Set<number>;
  miss: number | null;
};
