// A job of very many tiny scenes: how many a second pass through the machinery beyond FFmpeg's own time.
import type { BenchSite } from './bench-site.ts';
import { meteredProcesses, startBenchStack } from './bench-stack.ts';
import { tinyFilm } from './films.ts';
import { tinyCanvas } from './overhead-case.ts';
import { measureJob } from './process-meter.ts';
import type { ExtraResult } from './results.ts';
import { BenchProject } from './stack-films.ts';

export async function benchTiny(site: BenchSite, scenes: number, cores: number): Promise<ExtraResult> {
  const stack = await startBenchStack({ concurrency: site.concurrency, environment: tinyCanvas });
  try {
    const project = await BenchProject.create(stack, {});
    const { usage, residentPeaks } = await measureJob(meteredProcesses(stack), () =>
      project.render(tinyFilm(scenes)),
    );
    const beyond = usage.wallSeconds - usage.mediaCpuSeconds / cores;
    return {
      figures: [
        {
          name: `scenes a second beyond FFmpeg's time, of ${scenes}`,
          value: scenes / beyond,
          unit: 'scenes/s',
          target: { kind: 'at-least', value: 15 },
          note: `wall ${usage.wallSeconds.toFixed(1)} s, FFmpeg and ffprobe ${usage.mediaCpuSeconds.toFixed(1)} CPU s on ${cores} cores`,
        },
        ...Object.entries(residentPeaks).map(([name, bytes]) => ({
          name: `${name}, peak memory`,
          value: bytes / 1e6,
          unit: 'MB',
          target: { kind: 'at-most' as const, value: name === 'media' ? 200 : 250 },
          note: '',
        })),
      ],
      details: { usage, residentPeaks },
    };
  } finally {
    await stack.stop();
  }
}
