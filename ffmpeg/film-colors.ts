// Brings pictures to the film's colours: BT.709, limited range, 8 bits, 4:2:0, with alpha where it is needed.
import type { Rgba, SourceVideo } from '../plan-compiler/render-plan.ts';
import { apply, chain, type FilterOptions, type Stream } from './filter-graph.ts';

/** Exact on every CPU of one instruction set, at a small cost (facts: ffmpeg, section 3). */
const scaleFlags = 'bicubic+accurate_rnd+full_chroma_int+bitexact';

export type ScaleTarget = {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** Of another size than the source's picture: its pixels are mixed with their neighbours. */
  readonly isResized: boolean;
};

/** Our own RGBA pictures to the film's colours. */
export function fromRgba(stream: Stream<'video'>, hasAlpha = true): Stream<'video'> {
  return chain(stream, [
    ['scale', filmMatrix({})],
    ['format', { pix_fmts: pixelFormat(hasAlpha) }],
  ]);
}

/** A source's pictures, already cropped, to a size and the film's colours. */
export function scaleToFilm(
  stream: Stream<'video'>,
  source: SourceVideo,
  target: ScaleTarget,
): Stream<'video'> {
  const size = { w: target.width, h: target.height };
  const matrix = inputMatrix(source);
  const input: FilterOptions = matrix === null ? {} : { in_color_matrix: matrix };
  if (source.hasAlpha && target.isResized) {
    return mixByAlpha(stream, input, (weighted) =>
      chain(weighted, [
        ['scale', { ...size, flags: scaleFlags }],
        ['setsar', { sar: 1 }],
      ]),
    );
  }
  return chain(stream, [
    ['scale', filmMatrix({ ...size, ...input })],
    ['setsar', { sar: 1 }],
    ['format', { pix_fmts: pixelFormat(target.hasAlpha) }],
  ]);
}

/** How pictures are read that are in the film's colours already. */
export const filmInput: FilterOptions = { in_color_matrix: 'bt709', in_range: 'tv' };

/**
 * A step that mixes neighbouring pixels, with each pixel's colour counting by its opacity. Without it, what clear pixels hide,
 * which is mostly black, comes up as a dark line around all that is cut out.
 */
export function mixByAlpha(
  stream: Stream<'video'>,
  input: FilterOptions,
  mix: (weighted: Stream<'video'>) => Stream<'video'>,
): Stream<'video'> {
  const weighted = chain(stream, [
    ['scale', { ...input, flags: scaleFlags }],
    ['format', { pix_fmts: 'gbrap' }],
    ['premultiply', { inplace: 1 }],
  ]);
  return fromRgba(apply(mix(weighted), 'unpremultiply', { inplace: 1 }));
}

/** True where a source has the film's matrix and range already, so that nothing is to be converted. */
export function hasFilmColors(source: SourceVideo): boolean {
  return source.colorRange === 'tv' && source.colorSpace === 'bt709';
}

/** HDR (PQ or HLG) to BT.709 by the Hable curve; other sources unchanged. Recipe: facts/ffmpeg, section 5. */
export function toneMap(stream: Stream<'video'>, source: SourceVideo): Stream<'video'> {
  if (source.colorTransfer !== 'smpte2084' && source.colorTransfer !== 'arib-std-b67') return stream;
  return chain(stream, [
    ['zscale', { t: 'linear', npl: 100 }],
    ['format', { pix_fmts: 'gbrpf32le' }],
    ['zscale', { p: 'bt709' }],
    ['tonemap', { tonemap: 'hable', desat: 0 }],
    ['zscale', { t: 'bt709', m: 'bt709', r: 'tv' }],
    ['format', { pix_fmts: 'yuv420p' }],
  ]);
}

function pixelFormat(hasAlpha: boolean): string {
  return hasAlpha ? 'yuva420p' : 'yuv420p';
}

/** FFmpeg's colour notation, without alpha. */
export function printColor(color: Rgba): string {
  return `0x${[color.r, color.g, color.b].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function filmMatrix(options: FilterOptions): FilterOptions {
  return { ...options, out_color_matrix: 'bt709', out_range: 'tv', flags: scaleFlags };
}

/** A file that does not say is taken for BT.709 from 720 lines on, else for BT.601, as players do. RGB has no matrix. */
function inputMatrix(source: SourceVideo): string | null {
  if (
    source.colorSpace === 'gbr' ||
    source.colorTransfer === 'smpte2084' ||
    source.colorTransfer === 'arib-std-b67'
  )
    return null;
  if (source.colorSpace !== 'unknown') return null;
  return Math.min(source.width, source.height) >= 720 ? 'bt709' : 'bt601';
}
