import { expect, test } from 'vitest';
import { createPaint } from '../../../cli/paint.ts';
import { plainLines, progressLines } from '../../../cli/progress-view.ts';
import { type RenderState, startState, withEvent, withScenes } from '../../../cli/render-state.ts';
import { columnsOf } from '../../../cli/terminal-text.ts';
import { jobView, sceneJob } from '../../support/fake-server.ts';

const plain = createPaint(false);
const wide = { columns: 100, rows: 40 };

const counts = { total: 4, succeeded: 2, running: 1, queued: 1, failed: 0, cached: 1 };
const times = { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:02.500Z' };

function rendering(sceneCount = 4): RenderState {
  const begun = withEvent(startState('job_1', 0), jobView({ phase: 'planning' }), 100);
  const event = jobView({ status: 'waiting', phase: 'rendering', progress: 0.5, children: counts });
  const jobs = [
    sceneJob('intro', { status: 'done', progress: 1, isCached: true }),
    sceneJob('main', { status: 'done', progress: 1, ...times }),
    sceneJob('日本', { status: 'running', progress: 0.25 }),
    ...Array.from({ length: sceneCount - 3 }, (_, at) => sceneJob(`rest-${at}`, { status: 'queued' })),
  ];
  return withScenes(withEvent(begun, event, 3100), jobs, ['intro', 'main', '日本']);
}

test('a picture shows the phases, the whole and every scene', () => {
  const [phases, overall, ...scenes] = progressLines(rendering(), wide, plain);
  expect(phases).toBe('✓ planning   ✓ dispatching   ● rendering   ○ assembling   ○ uploading');
  expect(overall).toMatch(/^━{18}─{18} {2}50 % {3}2\/4 scenes · 1 cached · 1 running {3}3\.1 s$/);
  expect(scenes).toEqual([
    expect.stringMatching(/^ {2}✓ intro +cached$/),
    expect.stringMatching(/^ {2}✓ main +rendered in 2\.5 s$/),
    expect.stringMatching(/^ {2}● 日本 +━{9}─{27} {2}25 %$/),
    expect.stringMatching(/^ {2}○ rest-0 +queued$/),
  ]);
});

test('no line is wider than the terminal, however narrow', () => {
  for (const columns of [10, 24, 40, 61, 80, 200]) {
    for (const line of progressLines(rendering(), { columns, rows: 40 }, plain)) {
      expect(columnsOf(line)).toBeLessThan(Math.max(columns, 21));
    }
  }
});

test('with many scenes only those at work have a line, and no more than there are rows', () => {
  expect(progressLines(rendering(40), wide, plain)).toHaveLength(3);
  expect(progressLines(rendering(10), { columns: 80, rows: 8 }, plain)).toHaveLength(3);
});

test('a job that is done has all phases ticked', () => {
  const done = withEvent(rendering(), jobView({ status: 'done', phase: null, progress: 1 }), 5000);
  expect(progressLines(done, wide, plain)[0]).not.toMatch(/[●○]/);
});

test('colours change no letter', () => {
  const painted = progressLines(rendering(), wide, createPaint(true)).join('\n');
  expect(painted).toContain('\u001b[');
  // biome-ignore lint: the escape is what is looked for
  expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(progressLines(rendering(), wide, plain).join('\n'));
});

test('a log is told of each new phase, scene and tenth, once', () => {
  const before = startState('job_1', 0);
  expect(plainLines(before, rendering())).toEqual([
    'rendering',
    '  intro: cached',
    '  main: rendered in 2.5 s',
    '50 %   2/4 scenes · 1 cached · 1 running',
  ]);
  expect(plainLines(rendering(), rendering())).toEqual([]);
});

test('phases are timed by this client, and the present one has no end', () => {
  expect(rendering().phaseTimes).toEqual([
    { phase: 'planning', startMs: 100, endMs: 3100 },
    { phase: 'rendering', startMs: 3100, endMs: null },
  ]);
});

test('the parts of a long scene stand in order with their numbers', () => {
  const jobs = [
    sceneJob('b', { jobId: 's_10' }),
    sceneJob('a', { jobId: 's_2' }),
    sceneJob('b', { jobId: 's_9' }),
  ];
  const { scenes } = withScenes(startState('job_1', 0), jobs, ['a', 'b']);
  expect(scenes.map(({ name, jobId, part }) => [name, jobId, part])).toEqual([
    ['a', 's_2', 0],
    ['b (1)', 's_9', 0],
    ['b (2)', 's_10', 1],
  ]);
});

test('a name cannot command the terminal', () => {
  const state = withScenes(startState('job_1', 0), [sceneJob('\u001b[2Jgone', { status: 'queued' })], []);
  expect(progressLines(state, wide, plain).join('')).not.toContain('\u001b');
});
