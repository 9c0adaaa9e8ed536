import { expect, test } from 'vitest';
import { createPaint } from '../../../cli/paint.ts';
import { planLines } from '../../../cli/plan-command.ts';
import { startState, withEvent, withScenes } from '../../../cli/render-state.ts';
import { makeReport, reportLines } from '../../../cli/report.ts';
import { jobView, sceneJob } from '../../support/fake-server.ts';

const scene = (index: number, sceneId: string, frames: number) => ({
  index,
  sceneId,
  frames,
  startFrame: 0,
  part: { index: 0, count: 1 },
  picture: { layers: [{ kind: 'video' }, { kind: 'drawn' }, { kind: 'drawn' }] },
  pictureKey: 'a'.repeat(64),
  ...(index === 0 ? { sound: { layers: [{}] }, soundKey: 'b'.repeat(64) } : { sound: null, soundKey: null }),
});
const plan = {
  totalFrames: 150,
  output: { width: 1920, height: 1080, fps: { num: 30, den: 1 } },
  scenes: [scene(0, 'intro', 90), scene(1, 'main', 60)],
};

const job = jobView({
  status: 'done',
  phase: null,
  progress: 1,
  mediaData: {
    duration: 5,
    width: 1920,
    height: 1080,
    fileSize: 1_234_567,
    fps: 30,
    videoCodec: 'h264',
    audioCodec: 'aac',
    sha256: 'f',
  },
  cacheReport: [
    { sceneId: 'intro', sceneIndex: 0, result: 'hit', reason: 'cached', changedPaths: [] },
    {
      sceneId: 'main',
      sceneIndex: 1,
      result: 'miss',
      reason: 'changed',
      changedPaths: ['movie.scenes[1].layers[0].text'],
    },
  ],
});

const times = { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:04.000Z' };
const state = withScenes(
  [
    { phase: 'planning' as const, atMs: 0 },
    { phase: 'rendering' as const, atMs: 500 },
    { phase: null, atMs: 2500 },
  ].reduce(
    (present, { phase, atMs }) => withEvent(present, jobView({ phase, progress: 1 }), atMs),
    startState('job_1', 0),
  ),
  [
    sceneJob('intro', {
      status: 'done',
      isCached: true,
      startedAt: times.startedAt,
      endedAt: times.startedAt,
    }),
    sceneJob('main', { status: 'done', ...times }),
  ],
  ['intro', 'main'],
);
const report = makeReport({
  job,
  state,
  plan,
  output: '/films/out.mp4',
  links: [{ name: 'API page', url: 'http://127.0.0.1:1/docs' }],
});

test('a report tells each phase and scene: how long, cached or why not, and how fast', () => {
  expect(report.phases).toEqual([
    { phase: 'planning', seconds: 0.5 },
    { phase: 'rendering', seconds: 2 },
  ]);
  expect(report.scenes).toEqual([
    { name: 'intro', result: 'cached', reason: '', seconds: null, filmSeconds: 3 },
    {
      name: 'main',
      result: 'rendered',
      seconds: 4,
      filmSeconds: 2,
      reason: 'changed: movie.scenes[1].layers[0].text',
    },
  ]);
});

test('the printed report has the tables, the sum, the path and the links', () => {
  const lines = reportLines(report, createPaint(false));
  expect(lines).toContain('rendering  2.0 s');
  expect(lines).toContain('main   rendered  4.0 s        0.5×  changed: movie.scenes[1].layers[0].text');
  expect(lines).toContain('total 2.5 s · film 5.0 s · 2.0× realtime · 1 of 2 scenes cached · 1.2 MB');
  expect(lines.slice(-2)).toEqual(['✓ /films/out.mp4', '  API page     http://127.0.0.1:1/docs']);
});

test('a report can be made where the plan is gone', () => {
  const without = makeReport({ job, state, plan: null, output: null, links: [] });
  expect(without.scenes.map((entry) => entry.filmSeconds)).toEqual([null, null]);
});

test('a plan is a table of its scenes', () => {
  expect(planLines(plan)).toEqual([
    '1920×1080, 30 fps, 150 frames (5.0 s), 2 scenes',
    '',
    '#  scene  from  frames  layers                     picture key   sound key',
    '─  ─────  ────  ──────  ─────────────────────────  ────────────  ────────────',
    `0  intro     0      90  1 video, 2 drawn, 1 sound  ${'a'.repeat(12)}  ${'b'.repeat(12)}`.replace(
      ',  a',
      ', a',
    ),
    `1  main      0      60  1 video, 2 drawn           ${'a'.repeat(12)}  –`,
  ]);
});
