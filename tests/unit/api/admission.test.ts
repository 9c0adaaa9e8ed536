import { describe, expect, test } from 'vitest';
import { admit } from '../../../api/admission.ts';
import { RenderSubmission } from '../../../contract/submission.ts';
import { unlimitedPlan } from '../../support/fake-accounts.ts';
import { submission } from '../../support/fake-api.ts';

const { movie } = RenderSubmission.parse(submission);
const unlimited = { ...unlimitedPlan, filmSecondsMax: 2_147_483_647 };

describe('a film whose length only a worker will tell', () => {
  test('is for plans that count no minutes and bound no length', () => {
    expect(() => admit(unlimited, { movie, filmSeconds: null })).not.toThrow();
  });

  test.each([{ minutesPerMonth: 1 }, { minutesPerDay: 1 }, { filmSecondsMax: 7200 }])(
    'is refused where a plan has %j, with what to do',
    (limit) => {
      expect(() => admit({ ...unlimited, ...limit }, { movie, filmSeconds: null })).toThrow(
        expect.objectContaining({ code: 'FORBIDDEN', hint: expect.stringContaining('duration') as string }),
      );
    },
  );
});
