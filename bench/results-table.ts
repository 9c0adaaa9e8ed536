// The results as lines for a terminal.
import { cases, type ExtraFigure, type FilmResult, type Measured } from './results.ts';
import { type FilmCheck, filmChecks, isMet } from './targets.ts';

export function printFilm(name: string, result: FilmResult): string {
  const { graph } = result;
  return [
    `film ${name}: ${result.about}`,
    row(['', 'ratio', 'wall s', 'CPU s', 'FFmpeg MB']),
    measuredRow('one graph', { ...graph, ratio: 1 }),
    ...cases.map((name) => measuredRow(name, result[name])),
    ...Object.entries(result.peers).map(([name, measured]) => measuredRow(name, measured)),
    `lowest SSIM of 20 frames ${result.lowestSsim.toFixed(4)}; mean SSIM to its own picture without loss: graph ${result.ssimGraph.toFixed(4)}, ours ${result.ssimOurs.toFixed(4)} (to the graph's: ${result.ssimOursToGraph.toFixed(4)})`,
    `size ${result.sizeRatio.toFixed(3)} of the graph's, ${result.sizeRatioAtEqualSsim.toFixed(3)} at equal SSIM; memory ${result.memoryRatio.toFixed(2)}; ${(result.filmSeconds / result.cold.wallSeconds).toFixed(1)}× realtime`,
    ...filmChecks(name, result).map(printCheck),
    '',
  ].join('\n');
}

export function printFigures(name: string, figures: readonly ExtraFigure[]): string {
  const lines = figures.map((figure) => {
    const { target } = figure;
    const wanted =
      target === null
        ? ''
        : ` (${target.kind === 'at-most' ? '≤' : '≥'} ${target.value}: ${isMet(figure.value, target) ? 'met' : 'MISSED'})`;
    const note = figure.note === '' ? '' : `; ${figure.note}`;
    return `  ${figure.name}: ${Number(figure.value.toPrecision(4))} ${figure.unit}${wanted}${note}`;
  });
  return [name, ...lines, ''].join('\n');
}

function printCheck({ what, value, must, aim }: FilmCheck): string {
  const word = value <= aim ? 'aim met' : value <= must ? 'met' : 'MISSED';
  return `  ${what} ${value.toFixed(3)}: must ≤ ${must}, aim ≤ ${aim}: ${word}`;
}

function measuredRow(name: string, { ratio, wallSeconds, cpuSeconds, peakMemoryBytes }: Measured): string {
  return row([
    name,
    ratio.toFixed(3),
    wallSeconds.toFixed(1),
    cpuSeconds.toFixed(1),
    (peakMemoryBytes / 1e6).toFixed(0),
  ]);
}

function row(cells: readonly string[]): string {
  return cells.map((text, index) => (index === 0 ? text.padEnd(10) : text.padStart(10))).join('');
}
