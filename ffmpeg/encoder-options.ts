import type { OutputSpec } from '../plan-compiler/render-plan.ts';

/**
 * The mezzanine: closed GOPs, and one B-frame in a row at most, which nothing refers to, so that a clip of any length joins by
 * copying and pictures can be put in; threads pinned, since the bytes depend on them (facts: ffmpeg, sections 1 and 3).
 */
export function encoderOptions({ video }: Pick<OutputSpec, 'video'>): readonly string[] {
  return [
    ...['-c:v', 'libx264', '-preset', video.preset, '-crf', encoderCrf(video.crf), '-pix_fmt', 'yuv420p'],
    ...['-bf', '1', '-b-pyramid', 'none', '-x264-params', tuning],
    ...['-flags', '+cgop', '-g', String(video.gopFrames), '-threads', String(video.threads)],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact'],
  ];
}

/**
 * Where x264 veryfast spends its time is not where it gains most. Measured at equal SSIM against veryfast as it is (size, encoder's
 * CPU time; 1080p: a clip with much movement, then a slow zoom over a photo): all of these together 1.02 and 0.68; 1.00 and 0.57.
 * - a coarse search in fractions of pixels, a wider one in whole pixels (uneven hexagons, 8 pixels), one B-frame: 1.03 and 0.76;
 *   0.99 and 0.60. Two: 1.03 and 0.80; 0.87 and 0.61. Without, and with veryfast's own search: 1.02 and 0.79; 1.44 and 0.69.
 *   Narrower hexagons take 0.04 less time and 3 % more bytes. Over whole films two B-frames lost what they gained here.
 * - every second picture a B-frame, not chosen (0.99 for nothing), and their blocks not split (1.01 and 0.95).
 * - with that, 6 frames looked ahead are as good as 10, and hold 26 MB less of 228; no thread of its own for it: 15 MB less.
 * - chroma quantised one step more coarsely, luma finer for it: 0.985 (SSIM over all planes; chroma alone loses 0.5 dB, luma gains 0.3).
 * - small coefficients kept (a dead zone of 11 instead of 21, nothing decimated) and quantised more coarsely: 0.96 for nothing.
 * - weights for whole pictures, as x264 has them: without they cost 2 % less time, and fades 4 % more bytes.
 * - without trees of macroblocks (mbtree): 1.02 to 1.14, and no faster.
 */
const tuning = [
  ...['subme=1', 'me=umh', 'merange=8', 'sync-lookahead=0', 'rc-lookahead=6'],
  ...['partitions=p8x8,i8x8,i4x4', 'b-adapt=0', 'chroma-qp-offset=1'],
  ...['deadzone-inter=11', 'no-dct-decimate=1'],
].join(':');

/** With these settings, so many steps of CRF give the SSIM of veryfast (measured 0.7-0.9 at CRF 23). 0 stays lossless. */
const crfOffset = 1;
const crfMax = 51;

function encoderCrf(crf: number): string {
  return crf === 0 ? '0' : String(Math.min(crfMax, crf + crfOffset));
}

/**
 * A bare H.264 stream, in which pictures can be told apart and put in. All clips say the same of where chroma lies (left): FFmpeg
 * would write down what the first source says, a JPEG the middle, and such clips do not join (no option of the encoder wins over it).
 */
export const streamOptions: readonly string[] = [
  ...['-bsf:v', 'h264_metadata=chroma_sample_loc_type=0'],
  ...['-f', 'h264'],
];
