// Films A, B and C: the one graph, then ours cold, changed, with other music and unchanged, in turn, round by round.
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobEvent } from '../contract/answers.ts';
import type { Stack } from '../tools/stack.ts';
import type { BenchSite } from './bench-site.ts';
import { meteredProcesses } from './bench-stack.ts';
import { lowestSsim } from './compare-pictures.ts';
import { type BenchFilm, sceneSeconds } from './films.ts';
import { medianBy } from './median.ts';
import { oneGraphArguments } from './one-graph.ts';
import { type ComparedFilms, measureQuality, type Quality } from './picture-quality.ts';
import { measureJob, measureProgram, type Usage } from './process-meter.ts';
import { type Case, cases, type FilmResult, type Measured } from './results.ts';
import { BenchProject } from './stack-films.ts';

export type Peer = {
  readonly name: string;
  /** Renders the film to a file. */
  readonly render: (film: BenchFilm, outputPath: string) => Promise<Usage>;
};

export type FilmBench = {
  readonly site: BenchSite;
  readonly stack: Stack;
  readonly rounds: number;
  readonly peers: readonly Peer[];
};

/** Below this the two films are not the same film. */
export const lowestSsimMin = 0.98;

/** Ours can be asked for no less loss than that without another kind of stream. */
const nearLosslessCrf = 4;

export async function benchFilm(film: BenchFilm, bench: FilmBench): Promise<FilmResult> {
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    console.log(`film ${film.name} (${film.about}), round ${round + 1} of ${bench.rounds}`);
    // The pictures are the same in every round, so one look at them is enough.
    rounds.push(await benchRound(film, bench, round === 0));
  }
  const median = (name: Case): Measured =>
    medianBy(
      rounds.map((round) => round.measured[name]),
      ({ ratio }) => ratio,
    );
  const [first] = rounds;
  if (first?.picture === null || first === undefined) throw new Error('There was no round.');
  const memoryRatios = rounds.map(
    ({ graph, measured }) => measured.cold.peakMemoryBytes / graph.peakMemoryBytes,
  );
  return {
    about: film.about,
    filmSeconds: film.scenes * sceneSeconds,
    cold: median('cold'),
    changed: median('changed'),
    music: median('music'),
    nothing: median('nothing'),
    graph: medianBy(
      rounds.map(({ graph }) => graph),
      ({ wallSeconds }) => wallSeconds,
    ),
    memoryRatio: medianBy(memoryRatios, (ratio) => ratio),
    peers: medianPeers(rounds),
    ...first.picture,
  };
}

type Picture = Quality & Pick<FilmResult, 'lowestSsim' | 'sizeRatio'>;

type Round = {
  readonly graph: Usage;
  readonly measured: Readonly<Record<Case, Measured>>;
  readonly peers: Readonly<Record<string, Measured>>;
  readonly picture: Picture | null;
};

async function benchRound(film: BenchFilm, bench: FilmBench, looksAtPicture: boolean): Promise<Round> {
  const graphPath = join(bench.site.folder, `graph-${film.name}.mp4`);
  const graph = await measureGraph(film, bench.site, graphPath);
  const { measured, coldJob, project } = await measureOurs(film, bench, graph);
  const peers = await measurePeers(film, bench, graph);
  if (!looksAtPicture) return { graph, measured, peers, picture: null };
  const nearLossless = await project.render(film.movie(project.assets), { crf: nearLosslessCrf });
  const paths = {
    graph: graphPath,
    ours: await project.download(coldJob, bench.site.folder),
    oursNearLossless: await project.download(nearLossless, bench.site.folder),
  };
  const picture = await comparePictures(film, paths, bench.site);
  await rm(paths.oursNearLossless);
  // Left beside the graph's film, to be looked at.
  await rename(paths.ours, join(bench.site.folder, `ours-${film.name}.mp4`));
  return { graph, measured, peers, picture };
}

/** `pinning`: a program and its first arguments that start the command on certain cores. */
export function measureGraph(
  film: BenchFilm,
  { ffmpegPath, media, fontFile }: BenchSite,
  outputPath: string,
  pinning: readonly string[] = [],
): Promise<Usage> {
  const command = [...pinning, ffmpegPath, ...oneGraphArguments(film, media, { fontFile, outputPath })];
  return measureProgram({ file: command[0] ?? ffmpegPath, args: command.slice(1) });
}

async function measureOurs(film: BenchFilm, { site, stack }: FilmBench, graph: Usage) {
  const project = await BenchProject.create(stack, site.media);
  const one = async (changes: Parameters<BenchFilm['movie']>[1]) => {
    const movie = film.movie(project.assets, changes);
    const { usage, result } = await measureJob(meteredProcesses(stack), () => project.render(movie));
    return { job: result, measured: asShare(usage, graph) };
  };
  const cold = await one({});
  const changed = await one({ title: 'Another title' });
  const music = await one({ title: 'Another title', musicVolume: 0.3 });
  const nothing = await one({ title: 'Another title', musicVolume: 0.3 });
  const measured: Record<Case, Measured> = {
    cold: cold.measured,
    changed: changed.measured,
    music: music.measured,
    nothing: nothing.measured,
  };
  for (const name of cases) console.log(`  ${name} ${measured[name].ratio.toFixed(3)}`);
  const coldJob: JobEvent = cold.job;
  return { measured, coldJob, project };
}

async function measurePeers(film: BenchFilm, { site, peers }: FilmBench, graph: Usage) {
  const measured: Record<string, Measured> = {};
  for (const peer of peers) {
    const usage = await peer.render(film, join(site.folder, `${peer.name}-${film.name}.mp4`));
    measured[peer.name] = asShare(usage, graph);
    console.log(`  ${peer.name} ${asShare(usage, graph).ratio.toFixed(2)}`);
  }
  return measured;
}

async function comparePictures(film: BenchFilm, paths: ComparedFilms, site: BenchSite): Promise<Picture> {
  const totalFrames = film.scenes * sceneSeconds * 30;
  const lowest = await lowestSsim(site.ffmpegPath, [paths.graph, paths.ours], totalFrames);
  const sizeRatio = (await stat(paths.ours)).size / (await stat(paths.graph)).size;
  return { lowestSsim: lowest, sizeRatio, ...(await measureQuality(film, paths, site)) };
}

function asShare(usage: Usage, graph: Usage): Measured {
  return { ...usage, ratio: usage.wallSeconds / graph.wallSeconds };
}

function medianPeers(rounds: readonly Round[]): Readonly<Record<string, Measured>> {
  const names = Object.keys(rounds[0]?.peers ?? {});
  const medians = names.map((name) => {
    const measured = rounds.flatMap(({ peers }) => peers[name] ?? []);
    return [name, medianBy(measured, ({ ratio }) => ratio)] as const;
  });
  return Object.fromEntries(medians);
}
