// A document of 5,000 scenes: read and compiled in this process, and checked over HTTP.
import type { ResolvedAsset } from '../contract/asset.ts';
import type { MovieInput } from '../contract/movie.ts';
import { readSettings } from '../contract/settings.ts';
import { loadFontCatalogue } from '../drawing/index.ts';
import { compileMovie } from '../plan-compiler/compile-movie.ts';
import { engineLimits } from '../plan-compiler/engine-limits.ts';
import { readSubmission } from '../plan-compiler/read-submission.ts';
import type { Stack } from '../tools/stack.ts';
import type { BenchSite } from './bench-site.ts';
import { startBenchStack } from './bench-stack.ts';
import { medianBy } from './median.ts';
import type { ExtraResult } from './results.ts';
import { BenchProject } from './stack-films.ts';

const scenes = 5000;
const tries = 3;
const secondsMax = 2;

export async function benchCompile(site: BenchSite): Promise<ExtraResult> {
  const stack = await startBenchStack({ concurrency: site.concurrency });
  try {
    const project = await BenchProject.create(stack, { clip: site.media.clip });
    const document = {
      kind: 'movie',
      projectId: project.projectId,
      movie: largeMovie(project.assets.clip),
    };
    const asset = await project.client.getAsset(project.assets.clip.replace('asset:', ''));
    if (asset.facts === null) throw new Error('The clip was not measured.');
    const resolved: ResolvedAsset = { ...asset, objectKey: asset.sha256, facts: asset.facts };
    const direct = await medianSeconds(() => compileDirectly(document, resolved, stack));
    const checked = await medianSeconds(async () => {
      const { valid } = await project.client.validate(document);
      if (!valid) throw new Error('The large document was refused.');
    });
    const figure = (name: string, value: number, note: string) =>
      ({ name, value, unit: 's', target: { kind: 'at-most', value: secondsMax }, note }) as const;
    return {
      figures: [
        figure(`${scenes} scenes read and compiled`, direct, 'in this process'),
        figure(`${scenes} scenes checked by POST /v1/render/validate`, checked, 'over HTTP, warm'),
      ],
      details: { documentBytes: JSON.stringify(document).length },
    };
  } finally {
    await stack.stop();
  }
}

async function compileDirectly(document: unknown, clip: ResolvedAsset, stack: Stack): Promise<void> {
  const limits = engineLimits(readSettings(stack.environment));
  const read = readSubmission(document, limits);
  if (read.kind === 'refused') throw new Error(`Refused: ${JSON.stringify(read.issues[0])}`);
  const result = compileMovie({
    movie: read.submission.movie,
    assets: new Map([[clip.assetId, clip]]),
    fonts: await loadFontCatalogue(),
    limits,
    scope: 'bench',
    renderer: 'bench',
    encoding: { crf: 23, threads: 2, repeatsStills: true, audioBitsPerSecond: 192_000 },
  });
  if (result.kind === 'refused') throw new Error(`Refused: ${JSON.stringify(result.issues[0])}`);
}

/** Video and a title in every scene, no two alike. */
function largeMovie(clip: string): MovieInput {
  return {
    width: 1920,
    height: 1080,
    fps: 30,
    scenes: Array.from({ length: scenes }, (_, index) => ({
      id: `scene_${index}`,
      duration: 1,
      layers: [
        { type: 'video', src: clip, trimStart: index % 50, duration: 'fill' },
        { type: 'text', text: `Scene number ${index + 1}` },
      ],
    })),
  };
}

async function medianSeconds(task: () => Promise<void>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < tries; round += 1) {
    const begun = performance.now();
    await task();
    seconds.push((performance.now() - begun) / 1000);
  }
  return medianBy(seconds, (value) => value);
}
