import type { BenchFilm } from './films.ts';
import type { Case, FilmResult } from './results.ts';

const cases: readonly Case[] = ['cold', 'changed', 'music', 'nothing'];

/** A film's results as lines for a terminal. */
export function printResults(film: BenchFilm, result: FilmResult): string {
  const rows = cases.map((name) => {
    const { ratio, wallSeconds, cpuSeconds, peakMemoryBytes } = result[name];
    return row([
      name,
      ratio.toFixed(3),
      wallSeconds.toFixed(1),
      cpuSeconds.toFixed(1),
      megabytes(peakMemoryBytes),
    ]);
  });
  const { graph } = result;
  return [
    `film ${film.name}: ${film.about}`,
    row(['', 'ratio', 'wall s', 'CPU s', 'FFmpeg MB']),
    row([
      'one graph',
      '1',
      graph.wallSeconds.toFixed(1),
      graph.cpuSeconds.toFixed(1),
      megabytes(graph.peakMemoryBytes),
    ]),
    ...rows,
    `lowest SSIM of 20 frames ${result.lowestSsim.toFixed(4)}, size ${result.sizeRatio.toFixed(2)} of the graph's`,
    '',
  ].join('\n');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function row(cells: readonly string[]): string {
  return cells.map((text, index) => (index === 0 ? text.padEnd(10) : text.padStart(10))).join('');
}
