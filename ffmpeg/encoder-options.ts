import type { OutputSpec } from '../plan-compiler/render-plan.ts';

/** B-frames in a row. */
export type BFrames = 1 | 2;

/**
 * The mezzanine: closed GOPs, and B-frames by a fixed pattern, which nothing refers to, so that a clip of any length joins by
 * copying and pictures can be put in; threads pinned, since the bytes depend on them (facts: ffmpeg, sections 1 and 3). Two in a
 * row are for `narrowOrder` to read.
 */
export function encoderOptions(
  { video }: Pick<OutputSpec, 'video'>,
  bFrames: BFrames = 1,
): readonly string[] {
  return [
    ...['-c:v', 'libx264', '-preset', video.preset, '-crf', encoderCrf(video.crf, bFrames)],
    ...['-pix_fmt', 'yuv420p', '-bf', String(bFrames), '-b-pyramid', 'none', '-x264-params', tuning(bFrames)],
    ...['-flags', '+cgop', '-g', String(video.gopFrames), '-threads', String(video.threads)],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact'],
  ];
}

/**
 * Where x264 veryfast spends its time is not where it gains most. Measured at equal SSIM against veryfast as it is (size, encoder's
 * CPU time; 1080p scenes of the bench: video under a title, video under a translucent one, a slow zoom over a photo): all of these
 * together 1.02 and 0.65, 1.04 and 0.68; with two B-frames the zoom 1.00 and 0.64, with one 1.27.
 * - a coarse search in fractions of pixels, a wider one in whole pixels (uneven hexagons, 8 pixels): narrower hexagons are no
 *   faster and 1–2 % larger, plain ones 1–4 % faster and 3 % larger; finer fractions 12 % slower and 3 % smaller.
 * - one B-frame, two for slow zooms: two cost the videos 3–5 %, none costs the zoom 44 %. Every second picture (or two of
 *   three), not chosen: choosing them costs 3–9 % of time and gains nothing. Their blocks are not split (1.01 and 0.95).
 * - with one, 5 frames looked ahead are as good as 10, and hold 30 MB less of 228; with two, 10 make a zoom 0.92 of what it is with
 *   5 (20: 0.78, and 100 MB more). No thread of its own for it: 15 MB less.
 * - chroma quantised two steps more coarsely, luma finer for it: 0.98 (SSIM over all planes).
 * - more bits for what is referred to for long (qcomp 0.5): 0.98 for the videos, 0.97 for the zoom.
 * - small coefficients kept (a dead zone of 11 instead of 21, nothing decimated) and quantised more coarsely: 0.96 for nothing.
 * - weights for whole pictures, as x264 has them: without they cost 2 % less time, and fades 4 % more bytes.
 * - without trees of macroblocks (mbtree): 1.02 to 1.14, and no faster. Other deblocking, adaptive quantisation, distances
 *   between kinds of pictures, trellis: larger or slower.
 * `stitchable`: the headers do not say what CRF they begin with, so that clips of two join.
 */
function tuning(bFrames: BFrames): string {
  return [
    ...['subme=1', 'me=umh', 'merange=8', 'sync-lookahead=0', `rc-lookahead=${framesAhead[bFrames]}`],
    ...['partitions=p8x8,i8x8,i4x4', 'b-adapt=0', 'chroma-qp-offset=2', 'qcomp=0.5'],
    ...['deadzone-inter=11', 'no-dct-decimate=1', 'stitchable=1'],
  ].join(':');
}

const framesAhead: Readonly<Record<BFrames, number>> = { 1: 5, 2: 10 };

/**
 * With these settings, so many steps of CRF give about the SSIM of veryfast (measured at 23: −0.8 to −0.2 for one B-frame, 0.1 for
 * two). In a slow zoom faults stand out, and a step is cheap: it has one more.
 */
const crfOffsets: Readonly<Record<BFrames, number>> = { 1: -0.25, 2: -1 };
/** Below 1 x264 encodes without loss, in another profile. */
const lossyMin = 1;

function encoderCrf(crf: number, bFrames: BFrames): string {
  return crf === 0 ? '0' : String(Math.max(lossyMin, crf + crfOffsets[bFrames]));
}

/** ITU-T H.264, annex E: 1 is BT.709 in all three; limited range; chroma lies left. */
const sameForAll = [
  ...['colour_primaries=1', 'transfer_characteristics=1', 'matrix_coefficients=1', 'video_full_range_flag=0'],
  'chroma_sample_loc_type=0',
].join(':');

/**
 * A bare H.264 stream, in which pictures can be told apart and put in. All clips say the same of their colours, or they would not
 * join: FFmpeg writes down what the first source says where no option of the encoder wins over it, of chroma (a JPEG has it in the
 * middle), and from some version between 5.1 and 9 on of primaries and transfer, too.
 */
export const streamOptions: readonly string[] = [
  ...['-bsf:v', `h264_metadata=${sameForAll}`],
  ...['-f', 'h264'],
];
