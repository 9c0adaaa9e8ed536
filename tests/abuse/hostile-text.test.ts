// A4: hostile texts are drawn letter for letter, as Skia draws them when asked directly, and reach the film so.
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFontCatalogue } from '../../drawing/index.ts';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import type { FontReference } from '../../plan-compiler/render-plan.ts';
import { decodeMedia, makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { planOf } from '../support/plan-inputs.ts';
import { testSkipFrames } from '../support/skip-frames.ts';
import { useDrawer } from '../unit/drawing/drawing-room.ts';
import { fontOf, textOf } from '../unit/drawing/drawings.ts';
import type { StillReader } from '../unit/drawing/still-reader.ts';
import { hostileAlike, hostileLines } from './corpus/hostile-strings.ts';

const fontSize = 24;
const canvasSize = { width: 960, height: 64 };
const { draw } = useDrawer();
let font: FontReference;
let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
  font = await fontOf('Noto Sans');
  const face = (await loadFontCatalogue()).find(({ sha256 }) => sha256 === font.sha256);
  GlobalFonts.registerFromPath(face?.path ?? '', 'Reference');
});
afterAll(() => folder.remove());

const drawn = (text: string): Promise<StillReader> =>
  draw(textOf(text, { fonts: [font], fontSize, canvas: canvasSize, wrap: 'none' }));

type Ink = { readonly width: number; readonly height: number; readonly alpha: readonly number[] };

/** The letters alone, wherever they stand. */
function inkOf(
  size: { readonly width: number; readonly height: number },
  rgba: Uint8Array | Uint8ClampedArray,
): Ink {
  const alphaAt = (x: number, y: number): number => rgba[(y * size.width + x) * 4 + 3] ?? 0;
  const columns = range(size.width).filter((x) => range(size.height).some((y) => alphaAt(x, y) > 0));
  const rows = range(size.height).filter((y) => range(size.width).some((x) => alphaAt(x, y) > 0));
  const [left = 0, right = 0] = [columns[0], columns.at(-1)];
  const [top = 0, bottom = 0] = [rows[0], rows.at(-1)];
  const [width, height] = [right - left + 1, bottom - top + 1];
  const alpha = range(width * height).map((at) => alphaAt(left + (at % width), top + Math.floor(at / width)));
  return { width, height, alpha };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** What Skia makes of the same letters with nothing of ours between. */
function reference(text: string): Ink {
  const canvas = createCanvas(canvasSize.width, canvasSize.height);
  const context = canvas.getContext('2d');
  context.font = `400 ${fontSize}px Reference`;
  context.fillStyle = 'white';
  context.fillText(text, 20, 40);
  return inkOf(canvasSize, context.getImageData(0, 0, canvasSize.width, canvasSize.height).data);
}

/** 0: the same; 1: ink where the other has none. */
function difference(one: Ink, other: Ink): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  const total = one.alpha.reduce((sum, alpha) => sum + alpha, 0);
  const differing = one.alpha.reduce((sum, alpha, at) => sum + Math.abs(alpha - (other.alpha[at] ?? 0)), 0);
  return differing / Math.max(1, total);
}

describe('A4 · a hostile text', () => {
  it.each(hostileLines)('with %s is drawn letter for letter', async (_title, text) => {
    const still = await drawn(text);
    expect(difference(inkOf(still, still.bytes), reference(text))).toBeLessThan(0.02);
  });

  it.each(hostileAlike)('with %s looks like the text without', async (_title, text, same) => {
    const [still, other] = [await drawn(text), await drawn(same)];
    expect(still.bytes.equals(other.bytes)).toBe(true);
  });

  it('is told from another one by the comparison', async () => {
    const still = await drawn('50% off');
    expect(difference(inkOf(still, still.bytes), reference('50 % of'))).toBeGreaterThan(0.1);
  });

  it('stands in the film as it was drawn', async () => {
    for (const [title, text] of hostileLines.slice(2, 12)) {
      const { shown, still } = await film(text, title);
      const wrong = range(canvasSize.width * canvasSize.height).filter((at) => {
        const [x, y] = [at % canvasSize.width, Math.floor(at / canvasSize.width)];
        return Math.abs((shown[at] ?? 0) - still.at(x, y)[3]) > 64;
      });
      expect(wrong.length, title).toBeLessThan(canvasSize.width * canvasSize.height * 0.002);
    }
  });
});

/** The brightness of each pixel of a film of one frame: white text over black. */
async function film(
  text: string,
  name: string,
): Promise<{ readonly shown: Buffer; readonly still: StillReader }> {
  const layer = { type: 'text', text, x: 20, y: 20, fontSize, color: '#ffffff', wrap: 'none' } as const;
  const movie = {
    ...canvasSize,
    fps: 25,
    backgroundColor: '#000000',
    scenes: [{ id: 'one', duration: 0.04, layers: [layer] }],
  };
  const plan = planOf(movie, { fonts: [font] });
  const picture = plan.scenes[0]?.picture;
  if (picture === undefined) throw new Error('The plan has no scene.');
  const [layerDrawn] = picture.layers;
  if (layerDrawn?.kind !== 'drawn') throw new Error('The plan does not draw the text.');
  expect(layerDrawn.drawing).toMatchObject({ type: 'text', text });
  const still = await draw(layerDrawn.drawing);
  const outputPath = folder.path(`${name.replaceAll(/\W/g, '_')}.mp4`);
  const skipFrames = testSkipFrames();
  const output = { ...plan.output, video: { ...plan.output.video, crf: 0 } };
  await renderPicture(testTools, {
    picture,
    output,
    assets: new Map(),
    stills: [still],
    outputPath,
    skipFrames,
    what: name,
  });
  const gray = ['-vf', 'scale=out_range=pc,format=gray', '-frames:v', '1', '-f', 'rawvideo'];
  return { shown: await decodeMedia('-i', outputPath, ...gray), still };
}
