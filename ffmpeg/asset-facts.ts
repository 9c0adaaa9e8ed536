// From FFprobe's report to the facts of an asset, refusing what no film can use.
import type { AssetFacts, AudioFacts, VideoFacts } from '../contract/asset.ts';
import { RenderError } from '../contract/errors.ts';
import type { PacketSpan } from './packet-counts.ts';
import { pictureShape } from './picture-shape.ts';
import { fractionOf, type MediaFields, numberOf, secondsPerTick, textOf } from './read-media.ts';
import { type CountedFile, refuseTruncated } from './refuse-truncated.ts';
import { allowedDecoders } from './user-input.ts';

export type Measured = CountedFile & { readonly isStill: boolean };

/** The facts; ASSET_INVALID where the file has no usable stream, an unknown codec, no length, or was cut off. */
export function measureFacts(measured: Measured): AssetFacts {
  const { report, demuxer, what } = measured;
  const pictures = report.streams.find(isPicture) ?? null;
  const sound = report.streams.find((stream) => stream.codec_type === 'audio') ?? null;
  if (pictures === null && sound === null) {
    throw new RenderError('ASSET_INVALID', `${what} has neither pictures nor sound.`);
  }
  refuseUnknownCodecs([pictures, sound], what);
  refuseCoverBeforeVideo(report.streams, pictures, what);
  refuseTruncated(measured);
  const video = pictures === null ? null : measureVideo(measured, pictures);
  if (video !== null && isImage(measured, video)) return imageFacts(demuxer, video);
  const audio = sound === null ? null : measureAudio(measured, sound);
  return { ...measureLength(video, audio, what), demuxer, video, audio };
}

/** A GIF of one picture is one; of more it is a video. */
function isImage({ isStill, demuxer }: Measured, video: VideoFacts): boolean {
  return isStill || (demuxer === 'gif' && video.frames === 1);
}

function imageFacts(demuxer: string, video: VideoFacts): AssetFacts {
  const still = { ...video, fps: '0/0', frames: 1, durationSeconds: 0 };
  return { kind: 'image', demuxer, durationSeconds: 0, video: still, audio: null };
}

function measureLength(
  video: VideoFacts | null,
  audio: AudioFacts | null,
  what: string,
): Pick<AssetFacts, 'kind' | 'durationSeconds'> {
  const durationSeconds = Math.max(...[video, audio].map((stream) => stream?.durationSeconds ?? 0));
  if (durationSeconds > 0) return { kind: video === null ? 'audio' : 'video', durationSeconds };
  throw new RenderError('ASSET_INVALID', `${what} has no length: not one packet with a time was found.`, {
    hint: 'The file may be damaged; convert it again.',
  });
}

function isPicture(stream: MediaFields): boolean {
  return stream.codec_type === 'video' && stream['disposition:attached_pic']?.startsWith('1') !== true;
}

function refuseUnknownCodecs(streams: readonly (MediaFields | null)[], what: string): void {
  for (const stream of streams) {
    const codec = stream === null ? null : textOf(stream, 'codec_name');
    if (codec === null || allowedDecoders.some((decoder) => decoder === codec)) continue;
    throw unsupportedCodec(codec, what);
  }
}

/** The refusal of a codec by name. */
export function unsupportedCodec(codec: string, what: string): RenderError {
  return new RenderError('ASSET_INVALID', `${what} uses the codec "${codec}", which is not supported.`, {
    hint: 'Convert it to H.264 and AAC in MP4.',
  });
}

/** Renders read the first picture stream of a file, which must not be a cover. */
function refuseCoverBeforeVideo(
  streams: readonly MediaFields[],
  video: MediaFields | null,
  what: string,
): void {
  const first = streams.find((stream) => stream.codec_type === 'video');
  if (video === null || first === video) return;
  throw new RenderError('ASSET_INVALID', `${what} has a cover picture before its video.`, {
    hint: 'Remove the cover, or write the file again with the video first.',
  });
}

function measureVideo(measured: Measured, stream: MediaFields): VideoFacts {
  const span = measured.counts.of(numberOf(stream, 'index'));
  const pixelFormat = textOf(stream, 'pix_fmt');
  if (numberOf(stream, 'width') < 1 || numberOf(stream, 'height') < 1 || span.packets === 0) {
    throw new RenderError('ASSET_INVALID', `${measured.what} holds no picture that can be decoded.`);
  }
  return {
    codec: textOf(stream, 'codec_name'),
    ...pictureShape(stream, measured.report.firstFrame),
    fps: meanRate(stream, span),
    frames: span.packets,
    durationSeconds: endSeconds(measured, stream),
    pixelFormat,
    hasAlpha: hasAlpha(pixelFormat) || stream['tag:alpha_mode'] === '1',
    isInterlaced: /^(tt|bb|tb|bt)$/.test(textOf(stream, 'field_order')),
    colorSpace: textOf(stream, 'color_space'),
    colorTransfer: textOf(stream, 'color_transfer'),
    colorPrimaries: textOf(stream, 'color_primaries'),
    colorRange: textOf(stream, 'color_range'),
  };
}

function measureAudio(measured: Measured, stream: MediaFields): AudioFacts {
  const sampleRate = numberOf(stream, 'sample_rate');
  const channels = numberOf(stream, 'channels');
  if (sampleRate < 1 || channels < 1) {
    throw new RenderError('ASSET_INVALID', `${measured.what} holds no sound that can be decoded.`);
  }
  const codec = textOf(stream, 'codec_name');
  return { codec, sampleRate, channels, durationSeconds: endSeconds(measured, stream) };
}

/** Formats with an own channel for opacity; pal8 may have one in its palette. */
function hasAlpha(pixelFormat: string): boolean {
  return /^(yuva|gbrap|ya\d|rgba|bgra|argb|abgr|pal8|ayuv)/.test(pixelFormat);
}

/** Where the stream ends, in seconds from the file's start: the renders' time 0, so that picture and sound agree. */
function endSeconds({ report, counts }: Measured, stream: MediaFields): number {
  const span = counts.of(numberOf(stream, 'index'));
  if (span.end === null) return 0;
  // Some files give the last packet no duration of its own.
  const missing = span.end === span.last ? meanStep(span) : 0;
  return Math.max(0, (span.end + missing) * secondsPerTick(stream) - numberOf(report.format, 'start_time'));
}

/** Mean frames per second. The header's own fraction stands where the packets agree with it within 0.5 %. */
function meanRate(stream: MediaFields, span: PacketSpan): string {
  const [num, den] = fractionOf(stream, 'avg_frame_rate');
  const step = meanStep(span) * secondsPerTick(stream);
  const isStated = num > 0 && den > 0;
  if (step <= 0) return isStated ? `${num}/${den}` : '0/0';
  const isRight = isStated && Math.abs((num / den) * step - 1) < 0.005;
  return isRight ? `${num}/${den}` : `${Math.max(1, Math.round(1000 / step))}/1000`;
}

function meanStep(span: PacketSpan): number {
  if (span.first === null || span.last === null || span.packets < 2) return 0;
  return (span.last - span.first) / (span.packets - 1);
}
