import { isFinal, type Phase, phases } from '../contract/names.ts';
import type { Paint } from './paint.ts';
import type { RenderState, SceneState } from './render-state.ts';
import { fit, formatSeconds, printable, truncate } from './terminal-text.ts';

export type ViewSize = { readonly columns: number; readonly rows: number };

/** Up to here every scene has its line; beyond, only those at work. */
const listedScenesMax = 16;
const frameRows = 4;
const nameColumnsMax = 26;
const barColumnsMax = 36;

/** The picture of a render in a terminal: phases, the whole, a bar for each scene. A pure function, so that it can be tested. */
export function progressLines(state: RenderState, size: ViewSize, paint: Paint): readonly string[] {
  const columns = Math.max(20, size.columns - 1);
  const rowsLeft = Math.max(1, size.rows - frameRows);
  const scenes = scenesShown(state, rowsLeft);
  const nameColumns = Math.min(nameColumnsMax, Math.floor(columns / 3));
  return [
    phaseLine(state, columns, paint),
    overallLine(state, columns, paint),
    ...scenes.map((scene) => sceneLine(scene, { columns, nameColumns }, paint)),
  ];
}

/** Words for a log: what is new since the last state. */
export function plainLines(before: RenderState, after: RenderState): readonly string[] {
  const lines: string[] = [];
  if (after.phase !== null && after.phase !== before.phase) lines.push(after.phase);
  const earlier = new Map(before.scenes.map((scene) => [scene.jobId, scene.status]));
  for (const scene of after.scenes) {
    if (isFinal(scene.status) && earlier.get(scene.jobId) !== scene.status) {
      lines.push(`  ${printable(scene.name)}: ${outcomeOf(scene)}`);
    }
  }
  const tenth = Math.floor(after.progress * 10);
  if (tenth > Math.floor(before.progress * 10)) lines.push(`${tenth * 10} %${countsText(after)}`);
  return lines;
}

function phaseLine(state: RenderState, columns: number, paint: Paint): string {
  const present = state.phase === null ? -1 : phases.indexOf(state.phase);
  const isDone = state.status === 'done';
  const words = phases.map((phase, at) =>
    phaseWord(phase, isDone ? 1 : Math.sign(present - at), state.phase === null),
  );
  const isNarrow = words.map(({ mark, phase }) => `${mark} ${phase}`).join('   ').length > columns;
  if (isNarrow) return truncate(state.phase ?? state.status, columns);
  return words.map(({ mark, phase, style }) => paint[style](`${mark} ${phase}`)).join('   ');
}

function phaseWord(phase: Phase, distance: number, isIdle: boolean) {
  if (distance > 0) return { mark: '✓', phase, style: 'green' } as const;
  if (distance === 0 && !isIdle) return { mark: '●', phase, style: 'bold' } as const;
  return { mark: '○', phase, style: 'dim' } as const;
}

function overallLine(state: RenderState, columns: number, paint: Paint): string {
  const elapsed = formatSeconds((state.nowMs - state.startMs) / 1000);
  const words = truncate(`${percent(state.progress)}${countsText(state)}   ${elapsed}`, columns);
  const barColumns = Math.min(barColumnsMax, columns - words.length - 1);
  if (barColumns < 6) return words;
  return `${bar(state.progress, barColumns, paint)} ${words}`;
}

function scenesShown(state: RenderState, rowsLeft: number): readonly SceneState[] {
  if (state.scenes.length <= Math.min(listedScenesMax, rowsLeft)) return state.scenes;
  return state.scenes.filter((scene) => scene.status === 'running').slice(0, rowsLeft);
}

function sceneLine(
  scene: SceneState,
  { columns, nameColumns }: { columns: number; nameColumns: number },
  paint: Paint,
): string {
  const name = fit(printable(scene.name), nameColumns);
  const room = columns - nameColumns - 5;
  if (scene.status !== 'running') {
    const { mark, style } = marks[scene.status];
    return `  ${paint[style](mark)} ${name} ${paint.dim(truncate(outcomeOf(scene), room))}`;
  }
  const barColumns = Math.min(barColumnsMax, room - 6);
  const drawn = barColumns < 4 ? '' : `${bar(scene.progress, barColumns, paint)} `;
  return `  ${paint.cyan('●')} ${name} ${drawn}${percent(scene.progress)}`;
}

const marks = {
  queued: { mark: '○', style: 'dim' },
  running: { mark: '●', style: 'cyan' },
  waiting: { mark: '○', style: 'dim' },
  done: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
  cancelled: { mark: '–', style: 'yellow' },
} as const;

function outcomeOf(scene: SceneState): string {
  if (scene.isCached) return 'cached';
  if (scene.status !== 'done') return scene.status;
  return scene.seconds === null ? 'rendered' : `rendered in ${formatSeconds(scene.seconds)}`;
}

function countsText({ counts }: RenderState): string {
  if (counts === null || counts.total === 0) return '';
  const parts = [
    `${counts.succeeded}/${counts.total} scenes`,
    ...(counts.cached > 0 ? [`${counts.cached} cached`] : []),
    ...(counts.running > 0 ? [`${counts.running} running`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
  ];
  return `   ${parts.join(' · ')}`;
}

function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}

function bar(share: number, columns: number, paint: Paint): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return `${paint.cyan('━'.repeat(full))}${paint.dim('─'.repeat(columns - full))}`;
}
