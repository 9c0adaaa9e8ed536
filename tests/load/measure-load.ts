// What every case of load measures and checks, around the work of its own.
import type { JobEvent } from '../../contract/answers.ts';
import { errorMessage } from '../../contract/errors.ts';
import { type LoadCase, type LoadCheck, type LoadFigure, megabytes } from './load-report.ts';
import type { LoadSite } from './load-site.ts';
import { type ProcessMemory, watchMemory } from './process-memory.ts';
import { describeGrowth, readTableRows, type TableRows } from './table-rows.ts';
import { bytesWarned, eventsWarned, type HistorySizes } from './workflow-sizes.ts';

/** Of `tinyFilm`: 0.2 s at 30 frames a second. */
export const framesOfScene = 6;

type LoadWork<Result> = {
  readonly title: string;
  readonly jobs: number;
  readonly scenes: number;
  /** One entry for each job. */
  readonly work: () => Promise<readonly PromiseSettledResult<Result>[]>;
  /** What the case adds of its own. */
  readonly describe: (ended: Ended<Result>) => Omit<LoadCase, 'title'>;
  readonly countWrongFilms: (results: readonly Result[]) => Promise<number>;
};

type Ended<Result> = { readonly results: readonly Result[]; readonly seconds: number };

export async function measureLoad<Result extends { readonly job: JobEvent }>(
  site: LoadSite,
  load: LoadWork<Result>,
): Promise<LoadCase> {
  console.log(`${load.title} …`);
  const rowsBefore = await readTableRows(site);
  const { result: ended, memory } = await watchMemory(site, () => timed(load));
  const { results, faults, seconds } = ended;
  const rows = await readTableRows(site);
  const sizes = await site.workflows.read(results.map(({ job }) => job.jobId));
  const wrong = await load.countWrongFilms(results);
  const own = load.describe({ results, seconds });
  const isDone = faults.length === 0 && results.length === load.jobs;
  return {
    title: load.title,
    figures: [
      { name: 'wall', value: `${seconds.toFixed(1)} s` },
      {
        name: 'throughput',
        value: `${perSecond(load.jobs, seconds)} jobs/s, ${perSecond(load.scenes, seconds)} scenes/s`,
      },
      ...memoryFigures(memory),
      {
        name: "API's event loop stood for",
        value: `${(memory.apiStoodSeconds * 1000).toFixed(0)} ms at most`,
      },
      ...historyFigures(sizes),
      ...rowFigures(rowsBefore, rows),
      ...own.figures,
    ],
    checks: [
      {
        what: 'every job is done',
        isMet: isDone,
        found: isDone ? `${load.jobs}` : `${results.length} of ${load.jobs}: ${faults[0] ?? ''}`,
      },
      { what: 'every film has its frames', isMet: isDone && wrong === 0, found: `${wrong} have not` },
      ...historyChecks(sizes),
      ...own.checks,
    ],
  };
}

async function timed<Result>({
  work,
}: LoadWork<Result>): Promise<Ended<Result> & { readonly faults: readonly string[] }> {
  const begun = performance.now();
  const settled = await work();
  const seconds = (performance.now() - begun) / 1000;
  const results = settled.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const faults = settled.flatMap((end) => (end.status === 'rejected' ? [errorMessage(end.reason)] : []));
  return { results, faults, seconds };
}

function perSecond(count: number, seconds: number): string {
  return (count / seconds).toFixed(2);
}

function memoryFigures({ before, peak, after }: ProcessMemory): readonly LoadFigure[] {
  return Object.keys(before).map((name) => ({
    name: `memory of ${name}`,
    value: `${megabytes(before[name] ?? 0)} before, ${megabytes(peak[name] ?? 0)} peak, ${megabytes(after[name] ?? 0)} after`,
  }));
}

function historyFigures(sizes: HistorySizes): readonly LoadFigure[] {
  const { workflows, runs, children, events, bytes, eventsOfLargestRun, bytesOfLargestRun } = sizes;
  return [
    { name: 'workflows', value: `${workflows}, in ${runs} runs, ${children} children` },
    {
      name: 'history',
      value: `${events} events, ${megabytes(bytes)}; largest run ${eventsOfLargestRun} events, ${megabytes(bytesOfLargestRun)}`,
    },
  ];
}

function rowFigures(before: TableRows, after: TableRows): readonly LoadFigure[] {
  return [
    { name: 'rows', value: describeGrowth(before, after) },
    { name: 'database', value: `${megabytes(before.bytes)} before, ${megabytes(after.bytes)} after` },
  ];
}

function historyChecks({ eventsOfLargestRun, bytesOfLargestRun }: HistorySizes): readonly LoadCheck[] {
  return [
    {
      what: `events of a run stay below ${eventsWarned}`,
      isMet: eventsOfLargestRun < eventsWarned,
      found: `${eventsOfLargestRun}`,
    },
    {
      what: `bytes of a run stay below ${megabytes(bytesWarned)}`,
      isMet: bytesOfLargestRun < bytesWarned,
      found: megabytes(bytesOfLargestRun),
    },
  ];
}
