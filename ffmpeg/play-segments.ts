// The pictures of a source, frame by frame at the film's rate, as the layer's segments ask for them.
import type { VideoPicture } from '../plan-compiler/render-plan.ts';
import { printRate } from './film-clock.ts';
import { apply, chain, combine, inputVideo, type Stream } from './filter-graph.ts';
import type { LayerContext } from './layer-context.ts';
import type { LocalAsset } from './picture-inputs.ts';
import { printNumber } from './print-graph.ts';
import { userFile } from './user-input.ts';

/** Sources are read from their start up to here; later positions are sought. Streams that begin late are thus filled up. */
const seekFromSeconds = 2;

export function playSegments(layer: VideoPicture, local: LocalAsset, context: LayerContext): Stream<'video'> {
  const [first, ...rest] = layer.segments.map((segment) => playSegment(segment, local, context));
  if (first === undefined) throw new Error('A video layer was planned without a segment.');
  return rest.length === 0 ? first : combine([first, ...rest], 'concat', { n: rest.length + 1, v: 1, a: 0 });
}

/**
 * The frame rate is converted on the source's own grid (frame n lies at n ÷ fps, whatever part of the source is read), so a
 * part of a scene shows the very frames that the whole scene would. Seeking stops at the key frame before and drops nothing
 * by itself: the frame on show at the first instant may have begun long before it.
 */
function playSegment(
  segment: VideoPicture['segments'][number],
  local: LocalAsset,
  context: LayerContext,
): Stream<'video'> {
  const { fps } = context;
  const seconds = (segment.sourceFrame * fps.den) / fps.num;
  const isSought = seconds > seekFromSeconds;
  const seek = isSought ? ['-noaccurate_seek', '-ss', printNumber(Number(seconds.toFixed(6)))] : [];
  const input = context.inputs.add(userFile(local.path, local.asset.demuxer, [...decoder(local), ...seek]));
  const progressive = deinterlace(inputVideo(input), local);
  return chain(progressive, [
    ['fps', { fps: printRate(fps), round: 'near', ...(isSought ? {} : { start_time: 0 }) }],
    ['trim', trimRange(segment)],
    ['setpts', { expr: 'PTS-STARTPTS' }],
  ]);
}

function trimRange(segment: VideoPicture['segments'][number]): { start_pts: number; end_pts: number } {
  return { start_pts: segment.sourceFrame, end_pts: segment.sourceFrame + segment.frames };
}

function deinterlace(stream: Stream<'video'>, local: LocalAsset): Stream<'video'> {
  return local.asset.video?.isInterlaced === true ? apply(stream, 'bwdif', { mode: 'send_frame' }) : stream;
}

/** FFmpeg's own VP8 and VP9 decoders drop the alpha plane without a word; libvpx keeps it. */
function decoder(local: LocalAsset): readonly string[] {
  const video = local.asset.video;
  if (video?.hasAlpha !== true) return [];
  if (video.codec === 'vp9') return ['-c:v', 'libvpx-vp9'];
  if (video.codec === 'vp8') return ['-c:v', 'libvpx'];
  return [];
}
