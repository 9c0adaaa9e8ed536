// How close films come to a near-lossless one, and what size the one graph would need for the same closeness.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchFilm } from './films.ts';
import type { BenchMedia } from './media.ts';
import { keepEveryFifthFrame, nearLosslessArguments, oneGraphArguments } from './one-graph.ts';
import { type SizePoint, sizeForSsim } from './size-curve.ts';

const run = promisify(execFile);
const outputBytesMax = 16 * 1024 * 1024;
/** Around 23, which the films are made with. */
const curveCrfs = [20, 23, 26];

export type QualityTools = {
  readonly ffmpegPath: string;
  readonly fontFile: string;
  readonly folder: string;
  readonly media: BenchMedia;
};

export type Quality = {
  readonly ssimGraph: number;
  readonly ssimOurs: number;
  readonly ssimOursToGraph: number;
  readonly sizeRatioAtEqualSsim: number;
};

export type ComparedFilms = {
  readonly graph: string;
  readonly ours: string;
  /** Ours once more with next to no loss. */
  readonly oursNearLossless: string;
};

/** Compares the graph's film and ours; what it needs for that is made once for each film and kept. */
export async function measureQuality(
  film: BenchFilm,
  paths: ComparedFilms,
  tools: QualityTools,
): Promise<Quality> {
  const { referencePath, curve } = await provideReference(film, tools);
  const compare = (nearLossless: string, path: string): Promise<number> =>
    meanSsim(tools.ffmpegPath, { nearLossless, path, isThinned: nearLossless === referencePath });
  const ssimOurs = await compare(paths.oursNearLossless, paths.ours);
  const { size } = await stat(paths.ours);
  return {
    ssimGraph: await compare(referencePath, paths.graph),
    ssimOurs,
    ssimOursToGraph: await compare(referencePath, paths.ours),
    sizeRatioAtEqualSsim: size / sizeForSsim(curve, ssimOurs),
  };
}

type Reference = { readonly referencePath: string; readonly curve: readonly SizePoint[] };

async function provideReference(film: BenchFilm, tools: QualityTools): Promise<Reference> {
  const key = await referenceKey(film, tools);
  const referencePath = join(tools.folder, `reference-${film.name}-${key}.mp4`);
  const curvePath = join(tools.folder, `reference-${film.name}-${key}.json`);
  const known = await readFile(curvePath, 'utf8').catch(() => null);
  // Written by us, below.
  if (known !== null) return { referencePath, curve: JSON.parse(known) as readonly SizePoint[] };
  console.log(`film ${film.name}: making the near-lossless film, once`);
  const temporary = join(tools.folder, `making-${film.name}.mp4`);
  const { fontFile, media } = tools;
  await run(tools.ffmpegPath, [...nearLosslessArguments(film, media, { fontFile, outputPath: temporary })]);
  await rename(temporary, referencePath);
  const curve: SizePoint[] = [];
  for (const crf of curveCrfs) {
    await run(tools.ffmpegPath, [
      ...oneGraphArguments(film, media, { fontFile, outputPath: temporary, crf }),
    ]);
    const pair = { nearLossless: referencePath, path: temporary, isThinned: true };
    const ssim = await meanSsim(tools.ffmpegPath, pair);
    curve.push({ crf, bytes: (await stat(temporary)).size, ssim });
  }
  await rm(temporary, { force: true });
  await writeFile(curvePath, `${JSON.stringify(curve, null, 2)}\n`);
  return { referencePath, curve };
}

/** Changes with the command, the media and the program. */
async function referenceKey(film: BenchFilm, tools: QualityTools): Promise<string> {
  const { fontFile, media } = tools;
  const sizes = await Promise.all(Object.values(media).map(async (path) => (await stat(path)).size));
  const { stdout: version } = await run(tools.ffmpegPath, ['-version']);
  const commands = [
    nearLosslessArguments(film, media, { fontFile, outputPath: '' }),
    oneGraphArguments(film, media, { fontFile, outputPath: '' }),
  ];
  const facts = JSON.stringify({ commands, sizes, version, curveCrfs });
  return createHash('sha256').update(facts).digest('hex').slice(0, 12);
}

type Pair = {
  readonly nearLossless: string;
  readonly path: string;
  /** The near-lossless film holds only every fifth frame. */
  readonly isThinned: boolean;
};

/** Mean over every fifth frame. */
async function meanSsim(ffmpegPath: string, { nearLossless, path, isThinned }: Pair): Promise<number> {
  const thin = isThinned ? 'settb=1/30,setpts=N' : keepEveryFifthFrame;
  const graph = `[0:v]${thin}[a];[1:v]${keepEveryFifthFrame}[b];[a][b]ssim=stats_file=-`;
  const inputs = ['-i', nearLossless, '-i', path];
  const { stdout } = await run(
    ffmpegPath,
    ['-v', 'error', ...inputs, '-filter_complex', graph, '-f', 'null', '-'],
    { maxBuffer: outputBytesMax },
  );
  const values = [...stdout.matchAll(/All:([\d.]+)/g)].map((match) => Number(match[1]));
  if (values.length === 0) throw new Error(`No frame of ${path} was compared.`);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
