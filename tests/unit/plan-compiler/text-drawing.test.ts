import { describe, expect, test } from 'vitest';
import type { MovieInput } from '../../../contract/movie.ts';
import type { TextDrawing } from '../../../plan-compiler/render-plan.ts';
import { directionOf, transformText } from '../../../plan-compiler/text-drawing.ts';
import { planOf } from '../../support/plan-inputs.ts';

type TextInput = Extract<MovieInput['scenes'][number]['layers'][number], { type: 'text' }>;

function draw(layer: Partial<TextInput>): TextDrawing {
  const layers = [{ type: 'text' as const, text: 'Hello', ...layer }];
  const [picture] = planOf({ scenes: [{ id: 'a', duration: 1, layers }] }).scenes[0]!.picture.layers;
  if (picture?.kind !== 'drawn' || picture.drawing.type !== 'text') throw new Error('No text was drawn.');
  return picture.drawing;
}

describe('a text', () => {
  test('is as large as its letters, centred, unless told otherwise', () => {
    expect(draw({})).toMatchObject({
      width: null,
      height: null,
      canvas: { width: 160, height: 90 },
      place: { x: 80, y: 45, anchorX: 0.5, anchorY: 0.5, rotation: 0 },
      fontSize: 4.5,
      align: 'center',
      direction: 'ltr',
      maxLines: null,
      padding: { top: 0, right: 0, bottom: 0, left: 0 },
      background: null,
    });
    expect(draw({ width: '50%', height: 30 })).toMatchObject({ width: 80, height: 30 });
  });

  test('takes the nearest file of its family, then every other family once', () => {
    const files = (layer: Partial<TextInput>) =>
      draw(layer).fonts.map(({ family, weight, style }) => `${family} ${weight} ${style}`);
    const fallbacks = ['Noto Naskh Arabic 400 normal', 'Noto Sans JP 400 normal'];
    expect(files({})).toEqual(['Noto Sans 400 normal', ...fallbacks]);
    expect(files({ fontWeight: 600 })).toEqual(['Noto Sans 700 normal', ...fallbacks]);
    expect(files({ fontStyle: 'italic', fontWeight: 900 })).toEqual(['Noto Sans 400 italic', ...fallbacks]);
    expect(files({ fontFamily: ['noto sans jp', 'Noto Sans'] })).toEqual([
      'Noto Sans JP 400 normal',
      'Noto Sans 400 normal',
      'Noto Naskh Arabic 400 normal',
    ]);
  });

  test('reads as its first letter does', () => {
    expect(['Hello', '123 שלום', '… مرحبا hello', '日本', '!?', 'é ש'].map(directionOf)).toEqual([
      'ltr',
      'rtl',
      'rtl',
      'ltr',
      'ltr',
      'ltr',
    ]);
    expect(draw({ text: 'שלום', align: 'start' })).toMatchObject({ direction: 'rtl', align: 'right' });
    expect(draw({ text: 'שלום', align: 'end' }).align).toBe('left');
    expect(draw({ align: 'start' }).align).toBe('left');
    expect(draw({ text: 'שלום', direction: 'ltr', align: 'end' }).align).toBe('right');
  });

  test('may be of any script that the fonts have, with signs and emoji', () => {
    const text = 'Ångström Ωμέγα Ёж שלום مرحبا हिन्दी 日本語のテキスト、中文 ㄅ ½ № ∑ → 👩🏽‍🚀 ❤️ 1️⃣ é';
    expect(draw({ text }).text).toBe(text);
  });

  test('is transformed before it is drawn', () => {
    expect(transformText('straße', 'upper')).toBe('STRASSE');
    expect(transformText('ÀB', 'lower')).toBe('àb');
    expect(transformText('it’s élan vital, 2nd', 'capitalize')).toBe('It’s Élan Vital, 2nd');
  });

  test('has its padding and background resolved', () => {
    expect(draw({ padding: [1, 2, 3, 4] }).padding).toEqual({ top: 1, right: 2, bottom: 3, left: 4 });
    expect(draw({ background: { color: '#ff000080', opacity: 0.5 } }).background).toEqual({
      color: { r: 255, g: 0, b: 0, a: 64 },
      radius: 0,
      wrap: 'box',
    });
    expect(draw({ background: { color: 'red', opacity: 0 } }).background).toBeNull();
  });
});

describe('shapes', () => {
  test('have whole sizes and radii that CSS would draw', () => {
    const layers = [
      {
        type: 'shape' as const,
        shape: 'rectangle' as const,
        fill: 'red',
        width: 30.4,
        height: '20%',
        radius: 500,
      },
    ];
    const [layer] = planOf({ scenes: [{ id: 'a', duration: 1, layers }] }).scenes[0]!.picture.layers;
    expect(layer).toMatchObject({
      drawing: { width: 30, height: 18, radius: 9, fill: { type: 'solid' }, border: null },
    });
  });
});
