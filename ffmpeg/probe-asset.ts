// Measures an uploaded file in a locked-down run, or says why it cannot be used.
import { AssetFacts } from '../contract/asset.ts';
import { RenderError } from '../contract/errors.ts';
import { measureFacts, unsupportedCodec } from './asset-facts.ts';
import type { FfmpegTools } from './ffmpeg-command.ts';
import { PacketCounts } from './packet-counts.ts';
import { type MediaReport, readMedia } from './read-media.ts';
import { readRiffBytes } from './riff-bytes.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import { probeTimeoutMs } from './run-ffprobe.ts';
import { sniffFile } from './sniff-file.ts';
import { type AllowedDemuxer, allowedDecoders, userFile, userFileOptions } from './user-input.ts';

export type ProbeRequest = {
  /** An absolute path of ours. */
  readonly path: string;
  /** How the owner calls the file, for error texts. */
  readonly name?: string;
  readonly signal?: AbortSignal | undefined;
};

/**
 * FFprobe opens a decoder for every stream or gives up, so the usual subtitles must pass here. They are opened, not fed,
 * and renders never map them.
 */
const probedDecoders = [
  ...allowedDecoders,
  ...['mov_text', 'subrip', 'srt', 'ass', 'ssa', 'webvtt', 'text', 'dvdsub', 'dvd_subtitle'],
  ...['pgssub', 'hdmv_pgs_subtitle'],
];

/** Demuxers of one picture. */
const stillDemuxers: readonly string[] = ['png_pipe', 'jpeg_pipe', 'webp_pipe'];

/** The facts of a file. Throws ASSET_INVALID with a reason its owner can act upon. */
export async function probeAsset(tools: FfmpegTools, request: ProbeRequest): Promise<AssetFacts> {
  const what = request.name === undefined ? 'the file' : `"${request.name}"`;
  try {
    return await measure(tools, request, what);
  } catch (error) {
    throw nameFault(error, what);
  }
}

async function measure(tools: FfmpegTools, request: ProbeRequest, what: string): Promise<AssetFacts> {
  const demuxer = await sniffFile(request.path, what);
  const counts = new PacketCounts();
  const isStill = stillDemuxers.includes(demuxer);
  const report = await readMedia(tools, {
    inputOptions: [...userFileOptions(demuxer), '-codec_whitelist', probedDecoders.join(',')],
    path: request.path,
    what,
    errorCode: 'ASSET_INVALID',
    signal: request.signal,
    timeoutMs: probeTimeoutMs,
    withFrames: isStill,
    onPacket: (packet) => counts.add(packet),
  });
  refuseHugePictures(report, what);
  const bytes = demuxer === 'wav' ? await readRiffBytes(request.path) : null;
  const facts = AssetFacts.parse(measureFacts({ report, counts, demuxer, bytes, isStill, what }));
  await decodeBeginning(tools, { ...request, what, demuxer, facts });
  return facts;
}

/** FFprobe's refusals and its hunger, in words for the file's owner; any other fault as it is. */
function nameFault(error: unknown, what: string): unknown {
  if (!(error instanceof RenderError)) return error;
  const named = nameRefusal(error, what);
  if (named.code !== 'ASSET_INVALID' && named.code !== 'OUT_OF_MEMORY') return named;
  return new RenderError('ASSET_INVALID', asSentence(named.message), named.context);
}

/** The owner is told a text and a hint, not the lines that the program wrote. */
function nameRefusal(error: RenderError, what: string): RenderError {
  const { code, message, context } = error;
  const tail = context.stderrTail ?? '';
  const codec = /Codec \(([\w.-]+)\) not on whitelist/.exec(tail)?.[1];
  if (codec !== undefined) return unsupportedCodec(codec, what);
  const tooLarge = hugePicture(tail, what);
  if (tooLarge !== null) return tooLarge;
  if (code !== 'ASSET_INVALID' || !/ exited with code /.test(message)) return error;
  const reason = tail.includes('moov atom not found')
    ? `${what} is cut off: it has no index (moov), which such files mostly have at their end.`
    : `${what} cannot be read: it is damaged, cut off, or not what its first bytes say.`;
  return new RenderError('ASSET_INVALID', reason, {
    ...context,
    hint: 'See whether a player opens it; convert or copy it anew, and upload it again.',
  });
}

/** Texts begin with what the file is called, which may be "the file", and FFmpeg's own ends have no full stop. */
function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** FFprobe passes a picture over the limit as 0 × 0 and exits with 0; only its complaint names the size. */
function refuseHugePictures(report: MediaReport, what: string): void {
  const tooLarge = hugePicture(report.complaints, what);
  if (tooLarge !== null) throw tooLarge;
}

/** Null where what the program wrote tells of no picture over its limit. */
function hugePicture(written: string, what: string): RenderError | null {
  const size = /Picture size (\d+)x(\d+)/.exec(written);
  if (size === null) return null;
  const message = `${what} has a picture of ${size[1] ?? ''} × ${size[2] ?? ''} pixels: too many.`;
  return new RenderError('ASSET_INVALID', message, {
    hint: 'Upload a picture or video of at most 36 million pixels.',
  });
}

type Decoding = ProbeRequest & {
  readonly what: string;
  readonly demuxer: AllowedDemuxer;
  readonly facts: AssetFacts;
};

/** The first picture and the first sound must decode: a header alone proves nothing. A still must decode to its end. */
async function decodeBeginning(tools: FfmpegTools, decoding: Decoding): Promise<void> {
  const { facts } = decoding;
  const timeout = AbortSignal.timeout(probeTimeoutMs);
  const signals = [timeout, ...(decoding.signal === undefined ? [] : [decoding.signal])];
  const strict = facts.kind === 'image' ? ['-xerror', '-err_detect', 'explode'] : [];
  let pictures = 0;
  await runFfmpeg(
    tools,
    {
      inputs: [userFile(decoding.path, decoding.demuxer, strict)],
      output: {
        streams: [],
        options: [
          ...(facts.video === null ? [] : ['-map', '0:V:0', '-frames:v', '1']),
          ...(facts.audio === null ? [] : ['-map', '0:a:0', '-frames:a', '8']),
          ...['-f', 'null'],
        ],
        path: '/dev/null',
      },
    },
    {
      errorCode: 'ASSET_INVALID',
      what: `decoding the beginning of ${decoding.what}`,
      signal: AbortSignal.any(signals),
      onProgress: (progress) => {
        pictures = progress.frame;
      },
    },
  );
  if (facts.video !== null && pictures === 0) {
    throw new RenderError('ASSET_INVALID', `${decoding.what} holds no picture that can be decoded.`);
  }
}
