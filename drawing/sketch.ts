import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Shadow } from '../plan-compiler/render-plan.ts';
import type { Bounds } from './bounds.ts';
import type { Matrix } from './place.ts';

export type Context = SKRSContext2D;

/** A drawing that is laid out but not drawn: how large it gets is known before any pixel is paid for. */
export type Sketch = {
  /** Box pixels to canvas pixels. */
  readonly matrix: Matrix;
  /** All that `ground` and `figure` may touch, in box pixels. */
  readonly ink: Bounds;
  /** What the still is cut to, in canvas pixels. */
  readonly canvas: Bounds;
  /** Drawn first; casts no shadow. In box pixels. */
  readonly ground: ((context: Context) => void) | null;
  /** Drawn over it, and what casts the shadow. In box pixels. */
  readonly figure: (context: Context) => void;
  readonly shadow: Shadow | null;
};
