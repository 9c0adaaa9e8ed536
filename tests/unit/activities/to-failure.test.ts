import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { nameScene } from '../../../activities/name-scene.ts';
import { toFailure } from '../../../activities/to-failure.ts';
import { RenderError } from '../../../contract/errors.ts';
import type { ScenePlan } from '../../../plan-compiler/render-plan.ts';

function failureOf(error: unknown, attempt = 1, crashes = 0): ApplicationFailure {
  const failure = toFailure(error, { attempt, crashes });
  if (failure instanceof ApplicationFailure) return failure;
  throw new Error('It is no failure of an application.');
}

const crash = new RenderError('SCENE_RENDER_FAILED', 'FFmpeg was ended by SIGSEGV on scene intro', {
  retryable: true,
  hint: 'The last lines it wrote may say why.',
  sceneId: 'intro',
  sceneIndex: 4,
  stderrTail: '[h264] error',
});

describe('a failure, to Temporal,', () => {
  it('carries scene, reason, advice and the last lines', () => {
    const failure = failureOf(crash, 2);
    expect(failure.type).toBe('SCENE_RENDER_FAILED');
    expect(failure.details).toEqual([
      {
        message: 'FFmpeg was ended by SIGSEGV on scene intro',
        attempt: 2,
        hint: 'The last lines it wrote may say why.',
        sceneId: 'intro',
        sceneIndex: 4,
        stderrTail: '[h264] error',
      },
    ]);
  });

  it('of a crash is tried elsewhere twice, and then is poison', () => {
    expect([1, 2, 3, 4].map((crashes) => failureOf(crash, 1, crashes).nonRetryable)).toEqual([
      ...[false, false, true, true],
    ]);
  });

  it('of a first crash is no poison, however often a server was away before', () => {
    expect(failureOf(crash, 9, 1).nonRetryable).toBe(false);
  });

  it('of a server that is away is tried on', () => {
    const away = new RenderError('ASSET_UNAVAILABLE', 'the store is away');
    expect(failureOf(away, 14).nonRetryable).toBe(false);
    expect(failureOf(new Error('a bug'), 14)).toMatchObject({ type: 'INTERNAL', nonRetryable: false });
  });

  it('of a refused graph or of too little memory is final at once', () => {
    for (const code of ['SCENE_RENDER_FAILED', 'OUT_OF_MEMORY', 'SCRATCH_QUOTA_EXCEEDED'] as const) {
      expect(failureOf(new RenderError(code, 'no')).nonRetryable, code).toBe(true);
    }
  });

  it('of a disk that is full says so, and is tried elsewhere', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(failureOf(full, 4)).toMatchObject({ type: 'SCRATCH_FULL', nonRetryable: false });
    const named = nameScene(full, { sceneId: 'intro', sceneIndex: 4 } as ScenePlan);
    expect(failureOf(named, 4).details).toMatchObject([
      { sceneId: 'intro', hint: 'Free space in RENDER_SCRATCH_DIR.' },
    ]);
  });
});
