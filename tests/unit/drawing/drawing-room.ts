import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createDrawer, type Drawer, loadFontCatalogue } from '../../../drawing/index.ts';
import type { Drawing } from '../../../plan-compiler/render-plan.ts';
import { readStill, type StillReader } from './still-reader.ts';

/** A drawer and a folder for one test file: `draw` gives the pixels that were written. */
export function useDrawer(): { readonly draw: (drawing: Drawing) => Promise<StillReader> } {
  const folder = mkdtempSync(join(tmpdir(), 'scenemill-drawing-'));
  let drawer: Drawer | null = null;
  let drawn = 0;
  beforeAll(async () => {
    drawer = createDrawer(await loadFontCatalogue());
  });
  afterAll(async () => {
    await drawer?.close();
    rmSync(folder, { recursive: true });
  });
  return {
    draw: async (drawing) => {
      if (drawer === null) {
        throw new Error('Draw inside of a test.');
      }
      drawn += 1;
      return readStill(await drawer.draw(drawing, join(folder, `${drawn}.rgba`)));
    },
  };
}
