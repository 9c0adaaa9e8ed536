import { createHash } from 'node:crypto';
import type { Hash } from '../plan-compiler/render-plan.ts';

/** Raised whenever our own graphs, drawing or encoder settings change what a plan looks or sounds like. */
const renderingVersion = 10;

/** Part of every cache key: clips are shared only between workers that would make the same bytes. */
export function rendererIdentity(parts: { readonly ffmpeg: string; readonly drawing: string }): Hash {
  return createHash('sha256')
    .update(JSON.stringify({ renderingVersion, ...parts }))
    .digest('hex');
}
