import { expect, it } from 'vitest';
import {
  assembleOptions,
  controlOptions,
  finalizeOptions,
  sceneOptions,
} from '../../../workflows/schedule.ts';

/** What a store may be away (spec: trust), and what it takes to come back. */
const awaySeconds = 60 + 30;

const inSeconds = (text: string): number => Number(text.replace('s', ''));

it('every step of a job is tried for longer than a store or a database may be away', () => {
  for (const { retry } of [controlOptions, sceneOptions, assembleOptions, finalizeOptions]) {
    const [first, most] = [inSeconds(retry.initialInterval), inSeconds(retry.maximumInterval)];
    const pauses = Array.from({ length: retry.maximumAttempts - 1 }, (_, index) =>
      Math.min(most, first * retry.backoffCoefficient ** index),
    );
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(awaySeconds);
  }
});
