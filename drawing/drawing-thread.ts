// Runs in a worker thread: takes one drawing at a time, writes its still, answers.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { asScratchFault, type ErrorCode, errorMessage, RenderError } from '../contract/errors.ts';
import type { Drawing, Hash, PlacedStill } from '../plan-compiler/render-plan.ts';

export type DrawRequest = { readonly id: number; readonly drawing: Drawing; readonly outputPath: string };

export type DrawAnswer =
  | { readonly id: number; readonly kind: 'drawn'; readonly still: PlacedStill }
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | null;
    };

export type ThreadData = { readonly fontPaths: ReadonlyMap<Hash, string> };

if (parentPort !== null) {
  await serve(parentPort);
}

async function serve(port: MessagePort): Promise<void> {
  // The canvas looks at this once, when it is loaded: without it, fonts of the machine would fill in for missing letters.
  process.env.DISABLE_SYSTEM_FONTS_LOAD = '1';
  const { drawStill } = await import('./draw-still.ts');
  // What createDrawer handed over; nothing else starts this file.
  const { fontPaths } = workerData as ThreadData;
  port.on('message', ({ id, drawing, outputPath }: DrawRequest) => {
    port.postMessage(answer(id, () => drawStill(drawing, outputPath, fontPaths)));
  });
}

function answer(id: number, draw: () => PlacedStill): DrawAnswer {
  try {
    return { id, kind: 'drawn', still: draw() };
  } catch (thrown) {
    const error = asScratchFault(thrown);
    return error instanceof RenderError
      ? { id, kind: 'failed', code: error.code, message: error.message, hint: error.hint }
      : { id, kind: 'failed', code: 'INTERNAL', message: errorMessage(error), hint: null };
  }
}
