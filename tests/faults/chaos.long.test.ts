// A short round of what `npm run test:chaos` does for as long as one likes.
import { describe, expect } from 'vitest';
import { playRound } from '../chaos/round.ts';
import { fault } from './case.ts';

const roundMsMax = 600_000;

describe('everything at once', () => {
  fault(
    'F29',
    'a minute of kills, stalls and cuts over a mix of jobs: each is done right or fails rightly',
    async () => {
      const lines: string[] = [];
      const { journal, rows } = await playRound({ seed: 1, minutes: 1 }, (text) => lines.push(text));
      expect(rows.length).toBeGreaterThan(0);
      expect(journal.violations, lines.join('\n')).toEqual([]);
    },
    roundMsMax,
  );
});
