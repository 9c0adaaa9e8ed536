import type { FrameRate } from '../plan-compiler/render-plan.ts';
import type { Span } from './layer-span.ts';
import type { InputList } from './picture-inputs.ts';

/** What a layer's frames are made for: the command's inputs, the film's rate, the part's frames in which it is visible. */
export type LayerContext = { readonly inputs: InputList; readonly fps: FrameRate; readonly span: Span };
