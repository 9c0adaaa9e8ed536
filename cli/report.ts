import type { CacheReportEntry, JobView } from '../contract/job.ts';
import { type JobPlan, secondsOf } from './job-plan.ts';
import type { Paint } from './paint.ts';
import type { RenderState, SceneState } from './render-state.ts';
import { type Column, tableLines } from './table.ts';
import { formatBytes, formatSeconds, printable } from './terminal-text.ts';

/** What is known once a render has ended; all figures are this client's observations or the server's records. */
export type RenderReport = {
  readonly jobId: string;
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[];
  readonly scenes: readonly SceneReport[];
  readonly totalSeconds: number;
  readonly filmSeconds: number | null;
  readonly bytes: number | null;
  /** Absolute path; null where nothing was downloaded. */
  readonly output: string | null;
  readonly links: readonly { readonly name: string; readonly url: string }[];
};

type SceneReport = {
  readonly name: string;
  /** "cached", "rendered", or the status of a scene that was not done. */
  readonly result: string;
  /** Why it was rendered, for example "changed: movie.scenes[3].layers[0].text". */
  readonly reason: string;
  readonly seconds: number | null;
  /** Of the film. */
  readonly filmSeconds: number | null;
};

export type ReportSources = {
  readonly job: JobView;
  readonly state: RenderState;
  readonly plan: JobPlan | null;
  readonly output: string | null;
  readonly links: RenderReport['links'];
};

export function makeReport({ job, state, plan, output, links }: ReportSources): RenderReport {
  return {
    jobId: job.jobId,
    phases: state.phaseTimes.map(({ phase, startMs, endMs }) => ({
      phase,
      seconds: ((endMs ?? state.nowMs) - startMs) / 1000,
    })),
    scenes: state.scenes.map((scene) => sceneReport(scene, job, plan)),
    totalSeconds: (state.nowMs - state.startMs) / 1000,
    filmSeconds: job.mediaData?.duration ?? null,
    bytes: job.mediaData?.fileSize ?? null,
    output,
    links,
  };
}

/** `columns`: how wide the terminal is that it is printed for. */
export function reportLines(report: RenderReport, paint: Paint, columns?: number): readonly string[] {
  const { totalSeconds, filmSeconds, bytes, output, links } = report;
  const cached = report.scenes.filter((scene) => scene.result === 'cached').length;
  const phaseRows = report.phases.map(({ phase, seconds }) => [phase, formatSeconds(seconds)]);
  const sceneRows = report.scenes.map((scene) => [
    printable(scene.name),
    scene.result,
    scene.seconds === null ? '' : formatSeconds(scene.seconds),
    realtime(scene.filmSeconds, scene.seconds),
    printable(scene.reason),
  ]);
  const summary = [
    `total ${formatSeconds(totalSeconds)}`,
    ...(filmSeconds === null
      ? []
      : [`film ${formatSeconds(filmSeconds)}`, `${realtime(filmSeconds, totalSeconds)} realtime`]),
    `${cached} of ${report.scenes.length} scenes cached`,
    ...(bytes === null ? [] : [formatBytes(bytes)]),
  ];
  return [
    '',
    ...tableLines(phaseColumns, phaseRows),
    '',
    ...(sceneRows.length === 0 ? [] : [...tableLines(sceneColumns, sceneRows, columns), '']),
    paint.bold(summary.join(' · ')),
    ...(output === null ? [] : [`${paint.green('✓')} ${paint.bold(output)}`]),
    ...links.map(({ name, url }) => `  ${paint.dim(name.padEnd(12))} ${url}`),
  ];
}

const phaseColumns: readonly Column[] = [
  { title: 'phase', align: 'left' },
  { title: 'time', align: 'right' },
];
const sceneColumns: readonly Column[] = [
  { title: 'scene', align: 'left' },
  { title: 'result', align: 'left' },
  { title: 'time', align: 'right' },
  { title: '× realtime', align: 'right' },
  { title: 'why', align: 'left' },
];

function sceneReport(scene: SceneState, job: JobView, plan: JobPlan | null): SceneReport {
  const entry = job.cacheReport?.find(({ sceneId }) => sceneId === scene.sceneId) ?? null;
  const filmSeconds = filmSecondsOf(scene, plan);
  const { name, seconds } = scene;
  if (scene.isCached) return { name, result: 'cached', reason: '', seconds: null, filmSeconds };
  const result = scene.status === 'done' ? 'rendered' : scene.status;
  return { name, result, reason: entry === null ? '' : missReason(entry), seconds, filmSeconds };
}

function missReason({ reason, changedPaths }: CacheReportEntry): string {
  return changedPaths.length === 0 ? reason : `${reason}: ${changedPaths.join(', ')}`;
}

/** The parts of a long scene stand in the plan in the order of their jobs. */
function filmSecondsOf(scene: SceneState, plan: JobPlan | null): number | null {
  const parts = plan?.scenes.filter(({ sceneId }) => sceneId === scene.sceneId) ?? [];
  const found = parts[scene.part];
  return plan === null || found === undefined ? null : secondsOf(plan, found.frames);
}

function realtime(filmSeconds: number | null, seconds: number | null): string {
  if (filmSeconds === null || seconds === null || seconds <= 0) return '';
  return `${(filmSeconds / seconds).toFixed(1)}×`;
}
