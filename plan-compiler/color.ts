import { cssColors } from './color-names.ts';
import type { IssueLog } from './issue-log.ts';
import { nearestName } from './nearest-name.ts';
import type { Rgba } from './render-plan.ts';

const black: Rgba = { r: 0, g: 0, b: 0, a: 255 };

/** #RGB, #RRGGBB, #RRGGBBAA, a CSS name or "transparent"; null for anything else. */
export function parseColor(text: string): Rgba | null {
  if (text.toLowerCase() === 'transparent') return { r: 0, g: 0, b: 0, a: 0 };
  const digits = text.startsWith('#') ? text.slice(1) : namedDigits(text);
  if (digits === null || !/^([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(digits)) return null;
  const pairs = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits;
  const channel = (at: number): number => Number.parseInt(pairs.slice(at, at + 2), 16);
  return { r: channel(0), g: channel(2), b: channel(4), a: pairs.length === 8 ? channel(6) : 255 };
}

/** The colour; an unknown name is reported, and black stands in so that the other faults are found too. */
export function readColor(text: string, path: string, log: IssueLog): Rgba {
  const color = parseColor(text);
  if (color !== null) return color;
  const nearest = nearestName(text, Object.keys(cssColors));
  log.report({
    code: 'unknown-color',
    path,
    message: `"${text}" is not a CSS colour name.`,
    hint: nearest === null ? 'Write it as #RRGGBB.' : `Did you mean "${nearest}"?`,
  });
  return black;
}

/** A colour behind everything: MP4 has no transparency, so a see-through one is reported. */
export function readOpaqueColor(text: string, path: string, log: IssueLog): Rgba {
  const color = readColor(text, path, log);
  if (color.a === 255) return color;
  log.report({
    code: 'background-not-opaque',
    path,
    message: 'A background cannot be transparent: the film has nothing behind it.',
    hint: 'Give an opaque colour, for example the one it would show over black.',
  });
  return { ...color, a: 255 };
}

/** The colour with its alpha multiplied by an opacity 0–1. */
export function fadeColor(color: Rgba, opacity: number): Rgba {
  return { ...color, a: Math.round(color.a * opacity) };
}

function namedDigits(name: string): string | null {
  const key = name.toLowerCase();
  return Object.hasOwn(cssColors, key) ? (cssColors[key] ?? null) : null;
}
