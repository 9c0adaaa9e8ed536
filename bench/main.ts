// `npm run bench`: ours against one FFmpeg command for the same film, in turn, three rounds; ratios are what counts.
// Options: --films A,B,C  --rounds N  --json FILE
import { execFile } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { loadFontCatalogue } from '../drawing/index.ts';
import { chooseFfmpeg } from '../tools/ffmpeg-choice.ts';
import { type Stack, startStack } from '../tools/stack.ts';
import { lowestSsim } from './compare-pictures.ts';
import { type BenchFilm, films, sceneSeconds } from './films.ts';
import { type BenchMedia, provideMedia } from './media.ts';
import { oneGraphArguments } from './one-graph.ts';
import { measure } from './process-meter.ts';
import type { BenchResults, Case, FilmResult, Measured } from './results.ts';
import { printResults } from './results-table.ts';
import { BenchProject } from './stack-films.ts';

const run = promisify(execFile);

const { values } = parseArgs({
  options: {
    films: { type: 'string', default: 'A,B,C' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    folder: { type: 'string', default: join('.scenemill', 'bench') },
  },
});

const { ffmpeg } = await chooseFfmpeg();
console.log('making the media …');
const media = await provideMedia(join(values.folder, 'media'), ffmpeg.path);
const stack = await startStack({
  isDisposable: true,
  ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
});
try {
  const results: BenchResults = { films: {}, machine: machine() };
  for (const film of films.filter(({ name }) => values.films.split(',').includes(name))) {
    const result = await benchFilm(film, {
      stack,
      media,
      rounds: Number(values.rounds),
      folder: values.folder,
    });
    results.films[film.name] = result;
    console.log(printResults(film, result));
  }
  if (values.json !== undefined) {
    await mkdir(dirname(values.json), { recursive: true });
    await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
  }
} finally {
  await stack.stop();
}

type Site = {
  readonly stack: Stack;
  readonly media: BenchMedia;
  readonly rounds: number;
  readonly folder: string;
};

async function benchFilm(film: BenchFilm, site: Site): Promise<FilmResult> {
  const rounds: FilmResult[] = [];
  for (let round = 0; round < site.rounds; round += 1) {
    console.log(`film ${film.name} (${film.about}), round ${round + 1} of ${site.rounds}`);
    rounds.push(await benchRound(film, site));
  }
  const median = (name: Case): Measured =>
    middle(
      rounds.map((round) => round[name]),
      (measured) => measured.ratio,
    );
  return {
    ...{
      cold: median('cold'),
      changed: median('changed'),
      music: median('music'),
      nothing: median('nothing'),
    },
    graph: middle(
      rounds.map((round) => round.graph),
      (usage) => usage.wallSeconds,
    ),
    lowestSsim: Math.min(...rounds.map((round) => round.lowestSsim)),
    sizeRatio: middle(rounds, (round) => round.sizeRatio).sizeRatio,
  };
}

async function benchRound(film: BenchFilm, site: Site): Promise<FilmResult> {
  const outputPath = join(site.folder, `graph-${film.name}.mp4`);
  const graph = (
    await measure(
      () => [process.pid],
      () => renderOneGraph(film, site.media, outputPath),
    )
  ).usage;
  const project = await BenchProject.create(site.stack, site.media);
  const roots = (): readonly number[] =>
    site.stack.children.filter(({ name }) => /^(api|worker)/.test(name)).map(({ pid }) => pid);
  const one = async (changes: Parameters<BenchFilm['movie']>[1]) => {
    const { usage, result } = await measure(roots, () => project.render(film.movie(project.assets, changes)));
    return { job: result, measured: { ...usage, ratio: usage.wallSeconds / graph.wallSeconds } };
  };
  const cold = await one({});
  const changed = await one({ title: 'Another title' });
  const music = await one({ title: 'Another title', musicVolume: 0.3 });
  const nothing = await one({ title: 'Another title', musicVolume: 0.3 });
  const ours = await project.download(cold.job, site.folder);
  const ssim = await lowestSsim(ffmpeg.path, [outputPath, ours], film.scenes * sceneSeconds * 30);
  const sizeRatio = (await stat(ours)).size / (await stat(outputPath)).size;
  const measured = {
    cold: cold.measured,
    changed: changed.measured,
    music: music.measured,
    nothing: nothing.measured,
  };
  return { ...measured, graph, lowestSsim: ssim, sizeRatio };
}

async function renderOneGraph(film: BenchFilm, from: BenchMedia, outputPath: string): Promise<void> {
  const fonts = await loadFontCatalogue();
  const bold = fonts.find(
    (font) => font.family === 'Noto Sans' && font.weight === 700 && font.style === 'normal',
  );
  if (bold === undefined) throw new Error('Noto Sans Bold is missing.');
  await run(ffmpeg.path, [...oneGraphArguments(film, from, { fontFile: bold.path, outputPath })]);
}

function middle<Item>(items: readonly Item[], by: (item: Item) => number): Item {
  const sorted = [...items].sort((a, b) => by(a) - by(b));
  const item = sorted[Math.floor(sorted.length / 2)];
  if (item === undefined) throw new Error('There was no round.');
  return item;
}

function machine(): object {
  const [first] = cpus();
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    ffmpeg: ffmpeg.version,
  };
}
