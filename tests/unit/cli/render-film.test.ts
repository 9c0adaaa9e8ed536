import { expect, test } from 'vitest';
import { ApiError } from '../../../cli/api-error.ts';
import { lostSight } from '../../../cli/render-film.ts';

test('whoever loses sight of a job is told that it goes on', () => {
  const away = new ApiError('NO_ANSWER', 'http://films.test cannot be reached (gone).');
  expect(lostSight(away, 'job_1')).toMatchObject({
    code: 'NO_ANSWER',
    message:
      'http://films.test cannot be reached (gone). The job goes on without us: "scenemill status job_1".',
  });
});

test('what the server itself says of a job is told as it is', () => {
  const gone = new ApiError('NOT_FOUND', 'There is no job "job_1".', { status: 404 });
  expect(lostSight(gone, 'job_1')).toBe(gone);
});
