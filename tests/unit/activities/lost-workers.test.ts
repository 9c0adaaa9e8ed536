import type { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { runActivity } from '../../../activities/activity-run.ts';
import { countCrashes, countLost, refusePoison } from '../../../activities/lost-workers.ts';
import { RenderError } from '../../../contract/errors.ts';

/** One attempt after such a heartbeat; gives the heartbeats it sent and how it ended. */
async function attemptAfter(heartbeatDetails: unknown, body: () => Promise<void> = () => Promise.resolve()) {
  const environment = new MockActivityEnvironment({ heartbeatDetails });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details) => beats.push(details));
  const outcome: unknown = await environment
    .run(() =>
      runActivity(async ({ workersLost }) => {
        refusePoison(workersLost, 'SCENE_RENDER_FAILED');
        await body();
      }),
    )
    .then(
      () => 'done',
      (error: unknown) => error,
    );
  return { beats, outcome };
}

describe('workers that were lost', () => {
  it('are counted where the attempt before never said that it ended', async () => {
    expect((await attemptAfter(undefined)).beats).toEqual([{ workersLost: 0, crashes: 0, isRunning: true }]);
    const again = await attemptAfter({ workersLost: 1, isRunning: true });
    expect(again.beats[0]).toEqual({ workersLost: 2, crashes: 0, isRunning: true });
  });

  it('are not counted for an attempt that failed by itself', async () => {
    const { beats } = await attemptAfter(undefined, () => Promise.reject(new Error('the store is away')));
    expect(beats).toEqual([
      { workersLost: 0, crashes: 0, isRunning: true },
      { workersLost: 0, crashes: 0, isRunning: false },
    ]);
    expect(countLost(beats.at(-1))).toBe(0);
  });

  it('are three before a scene counts as poison, and a fourth does not go the same way', async () => {
    expect((await attemptAfter({ workersLost: 1, isRunning: true })).outcome).toBe('done');
    const { outcome } = await attemptAfter({ workersLost: 2, isRunning: true });
    expect(outcome).toMatchObject({ type: 'SCENE_RENDER_FAILED', nonRetryable: true });
    expect(String(outcome)).toContain('3 workers were lost');
  });

  it('are none where the trace is of another kind', () => {
    for (const trace of [undefined, null, 7, 'x', {}, { workersLost: 'many' }])
      expect(countLost(trace)).toBe(0);
  });
});

describe('crashes of FFmpeg', () => {
  const crash = () =>
    Promise.reject(new RenderError('SCENE_RENDER_FAILED', 'ended by SIGSEGV', { retryable: true }));
  const away = () => Promise.reject(new RenderError('UNAVAILABLE', 'the store is away'));

  it('are handed on by the attempts, and only they count: three are poison', async () => {
    let trace: unknown;
    const ends: unknown[] = [];
    for (const body of [away, crash, away, away, crash, crash]) {
      const { beats, outcome } = await attemptAfter(trace, body);
      trace = beats.at(-1);
      ends.push(outcome);
    }
    expect(countCrashes(trace)).toBe(3);
    expect(ends.map((end) => (end as ApplicationFailure).nonRetryable)).toEqual([
      ...[false, false, false, false, false, true],
    ]);
  });

  it('are none where the trace is of another kind', () => {
    for (const trace of [undefined, null, 7, {}, { crashes: 'many' }]) expect(countCrashes(trace)).toBe(0);
  });
});
