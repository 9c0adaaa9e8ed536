import { ActivityFailure, RetryState, TimeoutFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { describeFailure, nameWork } from '../../../workflows/job-failure.ts';

function timeoutOf(activityType: string): ActivityFailure {
  const cause = new TimeoutFailure('too long', undefined, 'START_TO_CLOSE');
  return new ActivityFailure(
    'failed',
    activityType,
    '7',
    RetryState.MAXIMUM_ATTEMPTS_REACHED,
    'worker',
    cause,
  );
}

it('a step that takes too long is told by its phase', () => {
  expect(describeFailure(timeoutOf('assembleFilm'))).toMatchObject({
    code: 'RENDER_TIMEOUT',
    details: {
      message: 'A step did not end within its bound (assembleFilm, START_TO_CLOSE); the job was assembling.',
      hint: 'Split the scene, or ask the operator for more or faster workers.',
    },
  });
});

it('a scene that takes too long is named, and so are several that share an activity', () => {
  const one = { what: 'scene 3 of 9 · Pricing · 5.0 s', sceneIndex: 2 };
  expect(nameWork(timeoutOf('renderScene'), one)).toMatchObject({
    type: 'RENDER_TIMEOUT',
    message:
      'A step did not end within its bound (renderScene, START_TO_CLOSE); the job was rendering: scene 3 of 9 · Pricing · 5.0 s.',
    details: [{ sceneIndex: 2 }],
  });
  expect(nameWork(timeoutOf('renderSounds'), { what: 'sound of scenes 4–9' })).toMatchObject({
    message: expect.stringMatching(/rendering: sound of scenes 4–9\.$/) as string,
  });
});
