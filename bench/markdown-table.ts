// The results as Markdown, so that nobody copies figures by hand into docs/performance.md.
import type { CoreConstants, Prediction } from './core-model.ts';
import { type BenchResults, cases, type ExtraResult, type FilmResult, type MachineFacts } from './results.ts';
import { filmChecks, isMet } from './targets.ts';

export function markdownOf(results: BenchResults): string {
  return [
    machineLine(results),
    ...filmsTable(results),
    ...qualityTable(results),
    ...targetsTable(results),
    ...extrasTable(results),
    ...memoryTable(results),
    ...coresTable(results.extra.cores),
  ].join('\n');
}

function machineLine({ machine, savedAt, commit, rounds }: BenchResults): string {
  return `${describeMachine(machine)}; commit ${commit}, ${savedAt.slice(0, 10)}; median of ${rounds} rounds.\n`;
}

function describeMachine({ cpu, cores, memoryBytes, ffmpeg, x264, node }: MachineFacts): string {
  const memory = `${(memoryBytes / 1e9).toFixed(0)} GB`;
  return `${cpu}, ${cores} cores, ${memory}; FFmpeg ${ffmpeg}, x264 ${x264}, Node ${node}`;
}

function filmsTable({ films }: BenchResults): readonly string[] {
  const names = Object.keys(films);
  if (names.length === 0) return [];
  const peers = [...new Set(Object.values(films).flatMap((film) => Object.keys(film.peers)))];
  const rows = Object.entries(films).flatMap(([name, film]) => [
    cells([`**${name}** one graph`, '1', ...usageCells(film.graph)]),
    ...cases.map((kind) => cells([`${name} ${kind}`, share(film[kind].ratio), ...usageCells(film[kind])])),
    ...peers.flatMap((peer) => {
      const measured = film.peers[peer];
      return measured === undefined
        ? []
        : [cells([`${name} ${peer}`, share(measured.ratio), ...usageCells(measured)])];
    }),
  ]);
  return [...head(['', 'ratio', 'wall s', 'CPU s', 'peak MB']), ...rows, ''];
}

function qualityTable({ films }: BenchResults): readonly string[] {
  const rows = Object.entries(films).map(([name, film]) =>
    cells([
      name,
      film.lowestSsim.toFixed(4),
      film.ssimGraph.toFixed(4),
      film.ssimOurs.toFixed(4),
      share(film.sizeRatio),
      share(film.sizeRatioAtEqualSsim),
      share(film.memoryRatio),
      realtime(film),
    ]),
  );
  if (rows.length === 0) return [];
  const titles = [
    'film',
    'lowest SSIM to the graph',
    'SSIM, graph',
    'SSIM, ours',
    'size',
    'size at equal SSIM',
  ];
  return [...head([...titles, 'memory', 'cold']), ...rows, ''];
}

function realtime({ filmSeconds, cold }: FilmResult): string {
  return `${(filmSeconds / cold.wallSeconds).toFixed(1)}× realtime`;
}

function targetsTable({ films }: BenchResults): readonly string[] {
  const rows = Object.entries(films).flatMap(([name, film]) =>
    filmChecks(name, film).map(({ what, value, must, aim }) => {
      const verdict = value <= aim ? 'aim met' : value <= must ? 'met' : '**missed**';
      return cells([`${name} ${what}`, share(value), `≤ ${must}`, `≤ ${aim}`, verdict]);
    }),
  );
  return rows.length === 0 ? [] : [...head(['target', 'measured', 'must', 'aim', '']), ...rows, ''];
}

function extrasTable({ extra }: BenchResults): readonly string[] {
  const rows = Object.entries(extra).flatMap(([name, { figures }]) =>
    figures.map(({ name: what, value, unit, target, note }) => {
      const wanted = target === null ? '' : `${target.kind === 'at-most' ? '≤' : '≥'} ${target.value}`;
      const verdict = target === null ? '' : isMet(value, target) ? 'met' : '**missed**';
      return cells([name, what, `${Number(value.toPrecision(3))} ${unit}`, wanted, verdict, note]);
    }),
  );
  return rows.length === 0
    ? []
    : [...head(['case', 'figure', 'measured', 'target', '', 'note']), ...rows, ''];
}

function memoryTable({ processes }: BenchResults): readonly string[] {
  const rows = Object.entries(processes).map(([film, sizes]) =>
    cells([
      film,
      ...['api', 'control', 'media'].map((name) => `${((sizes[name] ?? 0) / 1e6).toFixed(0)} MB`),
    ]),
  );
  return rows.length === 0
    ? []
    : [...head(['after film', 'API', 'control worker', 'media worker']), ...rows, ''];
}

/** What the case "cores" leaves in its details. */
type CoresDetails = {
  readonly constants: CoreConstants;
  readonly scenes: number;
  readonly longerFactor: number;
  readonly predictions: readonly Prediction[];
  readonly predictionsOfLonger: readonly Prediction[];
};

function coresTable(cores: ExtraResult | undefined): readonly string[] {
  if (cores === undefined) return [];
  // Written by the case "cores" and by nobody else.
  const { scenes, longerFactor, predictions, predictionsOfLonger } = cores.details as CoresDetails;
  const rows = predictions.map(({ cores: count, seconds, cautiousSeconds }, index) => {
    const longer = predictionsOfLonger[index];
    return cells([
      String(count),
      ...[seconds, cautiousSeconds, longer?.seconds ?? 0, longer?.cautiousSeconds ?? 0].map((value) =>
        value.toFixed(1),
      ),
    ]);
  });
  const ofLonger = `${scenes * longerFactor} scenes`;
  const titles = ['cores', `${scenes} scenes, s`, 'cautious', `${ofLonger}, s`, 'cautious'];
  return [...head(titles), ...rows, ''];
}

function usageCells(usage: {
  wallSeconds: number;
  cpuSeconds: number;
  peakMemoryBytes: number;
}): readonly string[] {
  const { wallSeconds, cpuSeconds, peakMemoryBytes } = usage;
  return [wallSeconds.toFixed(2), cpuSeconds.toFixed(1), (peakMemoryBytes / 1e6).toFixed(0)];
}

function head(titles: readonly string[]): readonly string[] {
  return [cells(titles), cells(titles.map(() => '---'))];
}

function cells(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

function share(value: number): string {
  return value.toFixed(value < 0.1 ? 3 : 2);
}
