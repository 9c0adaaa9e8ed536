import type { ResolvedAsset } from '../contract/asset.ts';
import type { AudioTrack, VideoLayer } from '../contract/layers.ts';
import type { FilmContext } from './film-context.ts';
import { asFrames, frameAt } from './frame-time.ts';
import type { Frames } from './render-plan.ts';

type Trimmed = Pick<AudioTrack | VideoLayer, 'trimStart' | 'trimEnd' | 'trimDuration' | 'loop'>;

/** The part of a source that plays, on the film's frame grid, and how often. */
export type SourceWindow = {
  readonly sourceFrame: Frames;
  readonly frames: Frames;
  /** Infinity: until the layer's end. */
  readonly repeats: number;
  /** Where the source as a whole ends, in seconds. */
  readonly sourceSeconds: number;
  readonly isTrimmedAtEnd: boolean;
};

/** Seconds that the pictures or, where `stream` says so, the sound of an asset last. */
export function sourceSeconds(asset: ResolvedAsset, stream: 'video' | 'audio'): number {
  const { facts } = asset;
  return facts[stream]?.durationSeconds || facts.durationSeconds;
}

/** Reads trim and loop against the source's length. Null where a fault was reported. */
export function readWindow(
  layer: Trimmed,
  length: number,
  site: { readonly path: string; readonly film: FilmContext },
): SourceWindow | null {
  const fault = trimFault(layer, length, site.film);
  if (fault !== null) {
    const { property, ...issue } = fault;
    site.film.log.report({ ...issue, path: `${site.path}.${property}` });
    return null;
  }
  const { rate } = site.film;
  const sourceFrame = frameAt(layer.trimStart, rate);
  const end = trimEndSeconds(layer);
  const available = Math.max(1, frameAt(length, rate) - sourceFrame);
  const wanted = end === null ? available : Math.max(1, frameAt(end, rate) - sourceFrame);
  return {
    sourceFrame,
    frames: asFrames(Math.min(available, wanted)),
    repeats: layer.loop === true ? Number.POSITIVE_INFINITY : Math.max(1, Number(layer.loop)),
    sourceSeconds: length,
    isTrimmedAtEnd: end !== null && end < length,
  };
}

type TrimFault = {
  readonly property: 'trimStart' | 'trimEnd' | 'trimDuration';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
};

function trimFault(layer: Trimmed, length: number, film: FilmContext): TrimFault | null {
  const { trimStart, trimEnd, trimDuration } = layer;
  if (trimEnd !== undefined && trimDuration !== undefined) {
    return {
      property: 'trimDuration',
      code: 'two-trim-ends',
      message: '`trimEnd` and `trimDuration` both say where the source ends.',
      hint: 'Leave one of them out.',
    };
  }
  if (trimEnd !== undefined && trimEnd <= trimStart) {
    return {
      property: 'trimEnd',
      code: 'trim-empty',
      message: `\`trimEnd\` (${trimEnd} s) does not lie after \`trimStart\` (${trimStart} s).`,
      hint: 'Both are seconds in the source, from its start.',
    };
  }
  return beyondSource(layer, length, film);
}

function beyondSource(layer: Trimmed, length: number, film: FilmContext): TrimFault | null {
  const hint = `The source is ${length} s long.`;
  if (layer.trimStart > 0 && layer.trimStart >= length) {
    return {
      property: 'trimStart',
      code: 'trim-beyond-source',
      message: `\`trimStart\` (${layer.trimStart} s) lies at or after the end of the source.`,
      hint,
    };
  }
  const end = trimEndSeconds(layer);
  // One frame of grace: probes and editors round the last frame's end differently.
  if (end === null || frameAt(end, film.rate) <= frameAt(length, film.rate) + 1) return null;
  return {
    property: layer.trimEnd === undefined ? 'trimDuration' : 'trimEnd',
    code: 'trim-beyond-source',
    message: `The part of the source ends at ${end} s, after the source's end.`,
    hint: `${hint} Use \`loop\` to play it again, or leave the end out.`,
  };
}

/** Where the part that plays ends, in seconds of the source; null: at the source's end. */
export function trimEndSeconds(layer: Trimmed): number | null {
  if (layer.trimEnd !== undefined) return layer.trimEnd;
  return layer.trimDuration === undefined ? null : layer.trimStart + layer.trimDuration;
}
