import { beforeAll, describe, expect, test } from 'vitest';
import type { FontReference, TextDrawing } from '../../../plan-compiler/render-plan.ts';
import { useDrawer } from './drawing-room.ts';
import { black, blue, fallbackFonts, fontOf, green, noPadding, placeAt, red, textOf } from './drawings.ts';
import type { Edges, StillReader } from './still-reader.ts';

const { draw } = useDrawer();
let fonts: readonly FontReference[] = [];
beforeAll(async () => {
  fonts = await fallbackFonts();
});

const drawText = (text: string, changes: Partial<TextDrawing> = {}) =>
  draw(textOf(text, { fonts, ...changes }));
const isWhite = ([r, g, b, a]: readonly number[]) => r === 255 && g === 255 && b === 255 && (a ?? 0) > 127;
const inkOf = (still: StillReader) =>
  still.boundsWhere(isWhite) ?? { left: Number.NaN, top: Number.NaN, right: Number.NaN, bottom: Number.NaN };
const dark = { color: black, radius: 0, wrap: 'box' } as const;

describe('size and place', () => {
  test('one line on a large canvas makes a still of its own size', async () => {
    const canvas = { width: 1920, height: 1080 };
    const still = await drawText('Hello', {
      canvas,
      fontSize: 50,
      place: placeAt(960, 540, { anchorX: 0.5, anchorY: 0.5 }),
    });
    expect(still.width).toBeLessThan(130);
    expect(still.height).toBeLessThan(50);
    expect(Math.abs(still.x + still.width / 2 - 960)).toBeLessThan(4);
  });

  test('a box has the size asked for and its text is aligned in it', async () => {
    const box = { background: dark, width: 200, height: 100 };
    const left = await drawText('x', box);
    expect(left).toMatchObject({ x: 20, y: 20, width: 200, height: 100 });
    expect(inkOf(left).left).toBeLessThan(25);
    const right = await drawText('x', { ...box, align: 'right', verticalAlign: 'bottom' });
    expect(inkOf(right).right).toBeGreaterThan(215);
    expect(inkOf(right).top).toBeGreaterThan(inkOf(left).top + 70);
    const middle = inkOf(await drawText('x', { ...box, align: 'center', verticalAlign: 'middle' }));
    expect(Math.abs((middle.left + middle.right) / 2 - 120)).toBeLessThan(1.5);
  });

  test('padding moves the text inwards and makes an automatic box larger', async () => {
    const padding = { top: 10, right: 30, bottom: 20, left: 40 };
    const bare = await drawText('x', { background: dark });
    const padded = await drawText('x', { background: dark, padding });
    expect(padded.width - bare.width).toBe(70);
    expect(padded.height - bare.height).toBe(30);
    expect(inkOf(padded).left - inkOf(bare).left).toBe(40);
    expect(inkOf(padded).top - inkOf(bare).top).toBe(10);
  });

  test('a still ends where the canvas ends', async () => {
    const large = { fontSize: 300, wrap: 'none', width: 2000, height: 2000, background: dark } as const;
    const still = await drawText('Huge', { ...large, place: placeAt(-50, -100) });
    expect(still).toMatchObject({ x: 0, y: 0, width: 640, height: 360 });
    const bare = await drawText('Huge', { ...large, background: null, place: placeAt(500, 100) });
    expect(bare.x + bare.width).toBe(640);
    expect(bare.y + bare.height).toBe(360);
  });

  test('a text without ink is one clear pixel', async () => {
    expect(await drawText('  \n ')).toMatchObject({ width: 1, height: 1 });
  });

  test('letters are inked where Noto Sans has them', async () => {
    // "H" of 100 px: cap height 71.4 px; ascent 106.9, descent 29.3 in a line of 120: baseline at 20 + 99.
    const ink = inkOf(await drawText('H', { fontSize: 100 }));
    expect(ink.bottom).toBe(119);
    expect(ink.top).toBeGreaterThanOrEqual(47);
    expect(ink.top).toBeLessThanOrEqual(48);
    expect(ink.left).toBeGreaterThanOrEqual(29);
    expect(ink.left).toBeLessThanOrEqual(30);
  });
});

describe('lines', () => {
  test('a paragraph wraps inside its box', async () => {
    const still = await drawText('the quick brown fox jumps over the lazy dog', { width: 120 });
    const ink = inkOf(still);
    expect(ink.right).toBeLessThanOrEqual(140);
    expect(ink.bottom - ink.top).toBeGreaterThan(24 * 3);
  });

  test('the line height is a multiple of the font size', async () => {
    const single = inkOf(await drawText('H\nH'));
    const double = inkOf(await drawText('H\nH', { lineHeight: 2.2 }));
    expect(double.bottom - double.top - (single.bottom - single.top)).toBe(20);
  });

  test('shrunk text stays inside its box', async () => {
    const box = { width: 100, height: 40, overflow: 'shrink', background: dark } as const;
    const still = await drawText('a rather long sentence that has no room', { ...box, fontSize: 60 });
    expect(still).toMatchObject({ width: 100, height: 40 });
    expect(inkOf(still).bottom - inkOf(still).top).toBeGreaterThan(15);
  });

  test('clipped text ends at the edge of its box, letters cut through', async () => {
    const box = { width: 60, height: 20, wrap: 'none' } as const;
    const clipped = await drawText('HHHHHHHHHH', { ...box, fontSize: 30, overflow: 'clip' });
    const visible = await drawText('HHHHHHHHHH', { ...box, fontSize: 30 });
    expect(inkOf(clipped).right).toBe(80);
    expect(inkOf(clipped).bottom).toBeLessThanOrEqual(40);
    expect(inkOf(visible).right).toBeGreaterThan(200);
    expect(clipped.at(70, 36)).toEqual(visible.at(70, 36));
  });

  test('an ellipsis ends text that has no room, within the box', async () => {
    const box = { width: 90, wrap: 'none', overflow: 'ellipsis' } as const;
    const ink = inkOf(await drawText('HHHHHHHHHHHH', box));
    expect(ink.right).toBeLessThanOrEqual(110);
    expect(ink.right).toBeGreaterThan(90);
    // Dots at the end: the right part has ink only near the baseline.
    const still = await drawText('HHHHHHHHHHHH', box);
    const dots = still.boundsWhere(isWhite);
    const tail = Array.from({ length: 8 }, (_, index) => still.at((dots?.right ?? 0) - 1 - index, 30));
    expect(tail.every(([, , , a]) => a === 0)).toBe(true);
  });
});

describe('right to left', () => {
  test('a line is ordered from the right', async () => {
    // A wide and a narrow letter: which of them is at which side tells the order.
    const narrowFirst = await drawText('ו ש', { direction: 'rtl', fontSize: 60 });
    const ink = inkOf(narrowFirst);
    const columns = inkColumns(narrowFirst);
    const widthOfRun = (from: 'left' | 'right') => runWidth(columns, from);
    expect(ink.left).toBeGreaterThanOrEqual(20);
    expect(widthOfRun('right')).toBeLessThan(widthOfRun('left'));
  });

  test('full stops and brackets go to the left of a Hebrew line, and digits keep their order', async () => {
    const ltr = await drawText('שלום.', { fontSize: 40 });
    const rtl = await drawText('שלום.', { fontSize: 40, direction: 'rtl' });
    // The dot is only as high as a dot: look at both ends above the baseline.
    const hasInkHigh = (still: StillReader, side: 'left' | 'right') => {
      const { left, right } = inkOf(still);
      const columns = side === 'left' ? [left, left + 1, left + 2] : [right - 1, right - 2, right - 3];
      return columns.some((x) => Array.from({ length: 18 }, (_, dy) => still.at(x, 35 + dy)).some(isWhite));
    };
    expect([hasInkHigh(ltr, 'left'), hasInkHigh(ltr, 'right')]).toEqual([true, false]);
    expect([hasInkHigh(rtl, 'left'), hasInkHigh(rtl, 'right')]).toEqual([false, true]);
  });

  test('Arabic letters are joined', async () => {
    const joined = await drawText('ببب', { direction: 'rtl', fontSize: 60 });
    const apart = await drawText('ب\u200Cب\u200Cب', { direction: 'rtl', fontSize: 60 });
    expect(joined.width).toBeLessThan(apart.width * 0.75);
    expect(gaps(inkColumns(joined))).toBe(0);
    expect(gaps(inkColumns(apart))).toBeGreaterThan(0);
  });

  test('aligning to the right mirrors aligning to the left', async () => {
    const box = { width: 300, direction: 'rtl', background: dark } as const;
    const right = inkOf(await drawText('שלום', { ...box, align: 'right' }));
    const left = inkOf(await drawText('שלום', { ...box, align: 'left' }));
    expect(right.right).toBeGreaterThan(310);
    expect(left.left).toBeLessThan(30);
    expect(right.right - right.left).toBe(left.right - left.left);
  });
});

describe('fonts', () => {
  test('letters that the first font lacks come from the next, in order', async () => {
    const latin = await fontOf('Noto Sans');
    const japanese = await fontOf('Noto Sans JP');
    const mixed = await draw(textOf('日', { fonts: [latin, japanese] }));
    const direct = await draw(textOf('日', { fonts: [japanese] }));
    const missing = await draw(textOf('日', { fonts: [latin] }));
    expect(mixed.width).toBe(direct.width);
    // The other font is registered by now and still not used: a box is drawn for the letter.
    expect(missing.bytes.equals(mixed.bytes)).toBe(false);
    const firstWins = await draw(textOf('A', { fonts: [japanese, latin] }));
    const latinA = await draw(textOf('A', { fonts: [latin] }));
    expect(firstWins.bytes.equals(latinA.bytes)).toBe(false);
  });

  test('each weight is drawn with its own file', async () => {
    const inkAt = async (weight: number) => {
      const font = await fontOf('Noto Sans', weight);
      const still = await draw(textOf('Weight', { fonts: [font], fontSize: 40 }));
      return still.bytes.reduce((sum, value, index) => (index % 4 === 3 ? sum + value : sum), 0);
    };
    const [thin, regular, heavy] = [await inkAt(100), await inkAt(400), await inkAt(900)];
    expect(thin).toBeLessThan(regular * 0.6);
    expect(heavy).toBeGreaterThan(regular * 1.5);
  });

  test('emoji have their own colours, a flag and a family are one picture each', async () => {
    const flag = await drawText('🇫🇷', { fontSize: 40 });
    expect(flag.boundsWhere(([r, g, b, a]) => a === 255 && r > 200 && g < 60 && b < 90)).not.toBeNull();
    expect(flag.boundsWhere(([r, g, b, a]) => a === 255 && b > 120 && r < 60 && g < 90)).not.toBeNull();
    expect(flag.width).toBeLessThan(60);
    expect((await drawText('👨‍👩‍👧‍👦', { fontSize: 40 })).width).toBeLessThan(60);
  });

  test('a font that is not in the catalogue is refused by name', async () => {
    const stranger = { family: 'Wingdings', weight: 400, style: 'normal', sha256: 'f'.repeat(64) } as const;
    await expect(draw(textOf('x', { fonts: [stranger] }))).rejects.toMatchObject({
      code: 'ASSET_UNAVAILABLE',
      message: expect.stringContaining('Wingdings 400 normal') as string,
    });
  });

  test('a text without fonts is refused', async () => {
    await expect(draw(textOf('x'))).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

describe('looks', () => {
  test('letter spacing stands between letters', async () => {
    const tight = inkOf(await drawText('HHHH'));
    const spaced = inkOf(await drawText('HHHH', { letterSpacing: 10 }));
    expect(spaced.right - spaced.left - (tight.right - tight.left)).toBe(30);
  });

  test('a stroke lies under the letters and reaches half its width out of them', async () => {
    const plain = inkOf(await drawText('H', { fontSize: 80 }));
    const still = await drawText('H', { fontSize: 80, stroke: { width: 10, color: red } });
    const outline = still.boundsWhere(([r, g, , a]) => r === 255 && g < 10 && a > 127);
    const gapsAround = (inner: Edges, outer: Edges | null) => [
      inner.left - (outer?.left ?? 0),
      inner.top - (outer?.top ?? 0),
      (outer?.right ?? 0) - inner.right,
      (outer?.bottom ?? 0) - inner.bottom,
    ];
    // The letter's smoothed edge mixes with the red below it, so a pixel more or less is no fault.
    for (const gap of gapsAround(plain, inkOf(still))) {
      expect(Math.abs(gap)).toBeLessThanOrEqual(1);
    }
    for (const gap of gapsAround(plain, outline)) {
      expect(Math.abs(gap - 5)).toBeLessThanOrEqual(1);
    }
  });

  test('a shadow is cast by letters and stroke together and never lies on them', async () => {
    const shadow = { x: 12, y: 0, blur: 0, color: blue };
    const looks = { fontSize: 80, stroke: { width: 4, color: red } };
    const plain = await drawText('HH\nHH', looks);
    const shaded = await drawText('HH\nHH', { ...looks, shadow });
    for (const [x, y] of pixelsOf(plain)) {
      if (plain.at(x, y)[3] === 255) {
        expect(shaded.at(x, y)).toEqual(plain.at(x, y));
      }
    }
    expect(shaded.width).toBe(plain.width + 12);
  });

  test('the background box is rounded and does not cast the shadow', async () => {
    const background = { color: green, radius: 10, wrap: 'box' } as const;
    const shadow = { x: 0, y: 60, blur: 0, color: blue };
    const still = await drawText('H', { background, shadow, width: 60, height: 40 });
    expect(still.at(20, 20)[3]).toBe(0);
    expect(still.at(60, 50)).toEqual([0, 255, 0, 255]);
    expect(still.at(60, 100)).toEqual([0, 0, 0, 0]);
  });

  test('line backgrounds are as wide as their lines, and even where they overlap', async () => {
    const background = { color: { ...red, a: 128 }, radius: 0, wrap: 'line' } as const;
    const padding = { ...noPadding, top: 6, bottom: 6 };
    const still = await drawText('wide line\ni', { background, padding, align: 'center' });
    expect(still.at(still.x, 40)[3]).toBe(128);
    expect(still.at(still.x, 65)[3]).toBe(0);
    // 20 + 6 + 24 = 50 is where the lines meet, 6 px of each lie over the other.
    const seam = Array.from(
      { length: 12 },
      (_, index) => still.at(still.x + Math.round(still.width / 2) - 9, 44 + index)[3],
    );
    expect(seam.every((alpha) => alpha === 0 || alpha === 128)).toBe(true);
  });

  test('rotated text turns as a whole with its box', async () => {
    const place = placeAt(320, 180, { anchorX: 0.5, anchorY: 0.5, rotation: 90 });
    const still = await drawText('Hello', { place, background: dark, fontSize: 40 });
    expect(still.height).toBeGreaterThan(still.width * 1.5);
    expect(still.at(321, 181)[3]).toBe(255);
  });

  test('a flip mirrors the picture exactly', async () => {
    const plain = await drawText('Fg', { background: dark, width: 60, height: 40 });
    const flipped = await drawText('Fg', {
      background: dark,
      width: 60,
      height: 40,
      place: placeAt(20, 20, { flipH: true }),
    });
    const differences = pixelsOf(plain).filter(
      ([x, y]) => Math.abs(plain.at(x, y)[0] - flipped.at(99 - x, y)[0]) > 40,
    );
    expect(differences.length).toBeLessThan(10);
    expect(inkOf(flipped).right).toBe(100 - inkOf(plain).left);
  });
});

function pixelsOf(still: StillReader): readonly (readonly [number, number])[] {
  return Array.from({ length: still.width * still.height }, (_, index) => [
    still.x + (index % still.width),
    still.y + Math.floor(index / still.width),
  ]);
}

/** For each column of the still, whether it has ink. */
function inkColumns(still: StillReader): readonly boolean[] {
  return Array.from({ length: still.width }, (_, column) =>
    Array.from({ length: still.height }, (_row, row) => still.at(still.x + column, still.y + row)).some(
      ([, , , a]) => a > 60,
    ),
  );
}

function gaps(columns: readonly boolean[]): number {
  return columns.filter((hasInk, index) => !hasInk && columns[index - 1] === true).length;
}

function runWidth(columns: readonly boolean[], from: 'left' | 'right'): number {
  const ordered = from === 'left' ? columns : columns.toReversed();
  const start = ordered.indexOf(true);
  const end = ordered.indexOf(false, start);
  return (end < 0 ? ordered.length : end) - start;
}
