import type { PictureLayer } from '../plan-compiler/render-plan.ts';

/** The frames of a part in which a layer is visible: [from, to). */
export type Span = { readonly from: number; readonly to: number };

export function visibleSpan(layer: PictureLayer, partFrames: number): Span {
  return { from: Math.max(0, layer.firstFrame), to: Math.min(partFrames, layer.firstFrame + layer.frames) };
}

export function spanFrames(span: Span): number {
  return span.to - span.from;
}
