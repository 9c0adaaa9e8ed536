import { lastFitting } from './break-lines.ts';
import { graphemeEnds, trimLineEnd } from './line-breaks.ts';

const ellipsis = '\u2026';

/** As much of the line as fits before an ellipsis; the ellipsis alone where nothing does. */
export function endWithEllipsis(line: string, isFitting: (line: string) => boolean): string {
  const shortened = (end: number) => `${trimLineEnd(line.slice(0, end))}${ellipsis}`;
  const end = lastFitting(graphemeEnds(line), 0, (at) => isFitting(shortened(at)));
  return shortened(end ?? 0);
}
