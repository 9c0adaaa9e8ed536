import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { RenderError } from '../../../contract/errors.ts';
import { describeError } from '../../../telemetry/describe-error.ts';

const mark = 'ZYXMARK';
const logged = (error: unknown): string => JSON.stringify(describeError(error, false));

/** What was thrown by something that does not expect a text of a user's. */
function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('an error in the log', () => {
  it('that may quote a document is told by name, code and place only', () => {
    const quoting = [
      thrownBy(() => JSON.parse(`{"title": ${mark}`)),
      new RenderError('VALIDATION_ERROR', `scenes[0]: "${mark}" is no colour`),
      new RenderError('SCENE_RENDER_FAILED', `FFmpeg failed on scene ${mark}`, {
        sceneId: mark,
        stderrTail: mark,
      }),
      new RenderError('INTERNAL', `The database refused: ${mark}`, { cause: new Error(`(${mark})`) }),
      ApplicationFailure.create({ type: 'VALIDATION_ERROR', message: mark, details: [{ message: mark }] }),
      Object.assign(new Error(`invalid input syntax: "${mark}"`), { code: '22P02', detail: mark }),
      mark,
    ];
    for (const error of quoting) expect(logged(error)).not.toContain(mark);
    expect(describeError(quoting[1], false)).toMatchObject({ name: 'RenderError', code: 'VALIDATION_ERROR' });
    expect(logged(quoting[0])).toContain('describe-error.test.ts');
  });

  it('of the machinery keeps its text, and its causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    const error = new RenderError('UNAVAILABLE', 'The database is out of reach.', { cause });
    expect(describeError(error, false)).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The database is out of reach.',
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 10.0.0.7:5432' },
    });
  });

  it('has its text at the level debug', () => {
    expect(describeError(new RenderError('VALIDATION_ERROR', mark), true)).toMatchObject({ message: mark });
  });

  it('that is its own cause has an end', () => {
    const error = new Error('a');
    error.cause = error;
    expect(logged(error).length).toBeLessThan(20_000);
  });
});
