// A source of 2 GB and a film of 4 GB: our processes must not grow with either.
import { execFile } from 'node:child_process';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JobEvent } from '../contract/answers.ts';
import type { MovieInput } from '../contract/movie.ts';
import type { BenchSite } from './bench-site.ts';
import { meteredProcesses, startBenchStack } from './bench-stack.ts';
import { measureJob, readResident } from './process-meter.ts';
import type { ExtraResult } from './results.ts';
import { BenchProject } from './stack-films.ts';

const run = promisify(execFile);
const sourceBytes = 2_000_000_000;
const filmBytes = 4_000_000_000;
/** Nearly lossless, so that few seconds weigh much. */
const crf = 1;
const sceneSeconds = 5;
const clipSeconds = 52;
const limits: Readonly<Record<string, number>> = { api: 250, control: 250, media: 200 };

type Step = {
  readonly name: string;
  readonly seconds: number;
  readonly peaks: Readonly<Record<string, number>>;
};

export async function benchMemory(site: BenchSite): Promise<ExtraResult> {
  const source = await provideLargeSource(site);
  const stack = await startBenchStack({ concurrency: site.concurrency });
  try {
    const steps: Step[] = [];
    const step = async <Result>(name: string, task: () => Promise<Result>): Promise<Result> => {
      const { usage, result, residentPeaks } = await measureJob(meteredProcesses(stack), task);
      steps.push({ name, seconds: usage.wallSeconds, peaks: residentPeaks });
      console.log(`  ${name}: ${usage.wallSeconds.toFixed(1)} s, ${inMegabytes(residentPeaks)}`);
      return result;
    };
    const { watched } = meteredProcesses(stack);
    // A first small job, so that what is compiled and opened only once does not look like growth.
    const warm = await BenchProject.create(stack, {});
    await warm.render({ width: 640, height: 360, scenes: [{ id: 'warm', duration: 1, layers: [] }] });
    const before = await readResident(watched);
    const project = await step('upload and ingest of the source', () =>
      BenchProject.create(stack, { large: source.path }),
    );
    const one = await step('one scene from its end', () =>
      project.render(movieOf(project, 1, source.seconds), { crf }),
    );
    const count = Math.ceil(filmBytes / bytesOf(one));
    const whole = await step(`film of that scene ${count} times`, () =>
      project.render(movieOf(project, count, source.seconds), { crf }),
    );
    const copy = await step('download of the film', () => project.download(whole, site.folder));
    await rm(copy);
    const after = await readResident(watched);
    const note = `source ${(source.bytes / 1e9).toFixed(2)} GB, film ${(bytesOf(whole) / 1e9).toFixed(2)} GB`;
    return {
      figures: Object.entries(limits).map(([name, value]) => ({
        name: `${name}, peak memory`,
        value: Math.max(...steps.map(({ peaks }) => peaks[name] ?? 0)) / 1e6,
        unit: 'MB',
        target: { kind: 'at-most', value },
        note: `${note}; before ${((before[name] ?? 0) / 1e6).toFixed(0)}, after ${((after[name] ?? 0) / 1e6).toFixed(0)} MB`,
      })),
      details: { before, after, steps, sourceBytes: source.bytes, filmBytes: bytesOf(whole) },
    };
  } finally {
    await stack.stop();
  }
}

/** The bench's clip over and over, without encoding it again; kept for the next run. */
async function provideLargeSource({ ffmpegPath, media, folder }: BenchSite) {
  const path = join(folder, 'large-source.mp4');
  const times = Math.ceil(sourceBytes / (await stat(media.clip)).size);
  const known = await stat(path).catch(() => null);
  if (known === null) {
    console.log('making the 2 GB source …');
    const temporary = join(folder, 'making-large-source.mp4');
    const loop = ['-stream_loop', String(times - 1), '-i', media.clip, '-c', 'copy'];
    await run(ffmpegPath, ['-v', 'error', '-y', ...loop, temporary]);
    await rename(temporary, path);
  }
  return { path, bytes: (await stat(path)).size, seconds: times * clipSeconds };
}

/** The same scene many times over: rendered once, joined as often as named. */
function movieOf(project: BenchProject<'large'>, scenes: number, sourceSeconds: number): MovieInput {
  const trimStart = sourceSeconds - 2 * clipSeconds;
  return {
    width: 1920,
    height: 1080,
    fps: 30,
    scenes: Array.from({ length: scenes }, (_, index) => ({
      id: `scene_${index}`,
      duration: sceneSeconds,
      layers: [{ type: 'video', src: project.assets.large, trimStart, duration: 'fill' }],
    })),
  };
}

function bytesOf(job: JobEvent): number {
  if (job.mediaData === null) throw new Error(`Job ${job.jobId} says nothing of its film.`);
  return job.mediaData.fileSize;
}

function inMegabytes(sizes: Readonly<Record<string, number>>): string {
  return Object.entries(sizes)
    .map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(0)} MB`)
    .join(', ');
}
