// What is in a media file: every packet as it passes, then its streams and its format, in one run of FFprobe.
import type { FfmpegTools } from './ffmpeg-command.ts';
import { type FfprobeRequest, runFfprobe } from './run-ffprobe.ts';

/** Names and values as FFprobe prints them; "N/A" and "unknown" are left out. */
export type MediaFields = Readonly<Record<string, string>>;

export type MediaPacket = {
  readonly stream: number;
  /** In the stream's time base; null where the file gives none. */
  readonly pts: number | null;
  readonly duration: number;
  /** Outside of the edit list: decoded for what follows, never shown. */
  readonly isDiscarded: boolean;
};

export type MediaReport = {
  readonly streams: readonly MediaFields[];
  readonly format: MediaFields;
  /** The first decoded frame of a still picture; empty where `withFrames` was not asked for. */
  readonly firstFrame: MediaFields;
  /** What FFprobe complained of. */
  readonly complaints: string;
};

export type MediaRequest = Omit<FfprobeRequest, 'arguments' | 'onLine'> & {
  /** Before the file: whitelists and the demuxer of a file that is not ours. */
  readonly inputOptions: readonly string[];
  readonly onPacket: (packet: MediaPacket) => void;
  /** Decodes; for stills only. */
  readonly withFrames?: boolean;
};

/** More streams than this are not kept; uploads are held to fewer by `streamsMax`. */
const streamsKeptMax = 64;

const streamFields = [
  ...['index', 'codec_type', 'codec_name', 'width', 'height', 'sample_aspect_ratio', 'pix_fmt'],
  ...['field_order', 'color_range', 'color_space', 'color_transfer', 'color_primaries', 'avg_frame_rate'],
  ...['time_base', 'start_pts', 'start_time', 'duration', 'nb_frames', 'sample_rate', 'channels'],
].join(',');

// FFprobe 4 knows no `stream_side_data` section; the list's name prints the rotation in all versions.
const entries = [
  'packet=stream_index,pts,duration,flags',
  `stream=${streamFields}`,
  'stream_disposition=attached_pic',
  'stream_tags=alpha_mode',
  'stream_side_data_list',
  'format=format_name,start_time,duration',
].join(':');

/** Reads the whole file once. */
export async function readMedia(tools: FfmpegTools, request: MediaRequest): Promise<MediaReport> {
  const streams: MediaFields[] = [];
  let format: MediaFields = {};
  const frames: MediaFields[] = [];
  const onLine = (line: string): void => {
    const section = line.slice(0, Math.max(0, line.indexOf('|')));
    if (section === 'packet') request.onPacket(parsePacket(line));
    if (section === 'frame' && frames.length === 0) frames.push(parseFields(line));
    if (section === 'stream' && streams.length < streamsKeptMax) streams.push(parseFields(line));
    if (section === 'format') format = parseFields(line);
  };
  const shown =
    request.withFrames === true ? `${entries}:frame=width,height:frame_tags=Orientation` : entries;
  const complaints = await runFfprobe(tools, {
    ...request,
    arguments: [...request.inputOptions, '-show_entries', shown, '-of', 'compact=print_section=1'],
    onLine,
  });
  return { streams, format, firstFrame: frames[0] ?? {}, complaints };
}

/** "stream|index=0|width=64|side_data|rotation=90": values are escaped, so a "|" of the file's own never splits. */
export function parseFields(line: string): MediaFields {
  const fields: Record<string, string> = {};
  for (const part of line.split(/(?<!\\)\|/)) {
    const separator = part.indexOf('=');
    const value = part.slice(separator + 1);
    if (separator > 0 && value !== 'N/A' && value !== 'unknown') fields[part.slice(0, separator)] = value;
  }
  return fields;
}

function parsePacket(line: string): MediaPacket {
  const fields = parseFields(line);
  return {
    stream: Number(fields.stream_index ?? -1),
    pts: fields.pts === undefined ? null : Number(fields.pts),
    duration: Number(fields.duration ?? 0),
    isDiscarded: fields.flags?.includes('D') === true,
  };
}

/** A field's text; "unknown" where the file does not say. */
export function textOf(fields: MediaFields, name: string): string {
  return fields[name] ?? 'unknown';
}

/** A field's number; 0 where the file does not say. */
export function numberOf(fields: MediaFields, name: string): number {
  return Number(fields[name] ?? 0);
}

/** The two numbers of a fraction such as "30000/1001" or "32:27"; zeros where the file does not say. */
export function fractionOf(fields: MediaFields, name: string): readonly [number, number] {
  const [num = 0, den = 0] = (fields[name] ?? '').split(/[/:]/).map(Number);
  return [num, den];
}

/** The length of one unit of the stream's time stamps. */
export function secondsPerTick(stream: MediaFields): number {
  const [num, den] = fractionOf(stream, 'time_base');
  return den === 0 ? 0 : num / den;
}
