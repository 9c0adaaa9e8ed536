import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEarlier, readResults, resultFileName, writeResults } from '../../../bench/result-files.ts';
import { exampleResults } from './bench-results.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-results-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('result files', () => {
  it('are named for the day and the commit', () => {
    expect(resultFileName(exampleResults)).toBe('2026-03-04-abc1234.json');
  });

  it('give back what was written', async () => {
    const file = join(folder, 'deep', 'one.json');
    await writeResults(file, exampleResults);
    expect((await readResults(file)).results).toEqual(exampleResults);
  });

  it('the latest is the newest by its own date, not by its name', async () => {
    await writeResults(join(folder, '2026-03-04-zzz.json'), exampleResults);
    const newer = { ...exampleResults, savedAt: '2026-03-04T09:00:00.000Z' };
    await writeResults(join(folder, '2026-03-04-aaa.json'), newer);
    expect((await readResults('latest', folder)).results.savedAt).toBe(newer.savedAt);
  });

  it('what is compared with is the newest of each film and case, in whichever file', async () => {
    const { films, extra } = exampleResults;
    const only = (savedAt: string, findings: object) => ({
      ...exampleResults,
      savedAt,
      films: {},
      extra: {},
      ...findings,
    });
    const newCase = { figures: [], details: 'newer' };
    await writeResults(
      join(folder, 'a.json'),
      only('2026-03-04T09:00:00.000Z', { extra: { tiny: newCase } }),
    );
    await writeResults(join(folder, 'b.json'), exampleResults);
    expect((await readEarlier('latest', folder)).results).toEqual({
      films,
      extra: { ...extra, tiny: newCase },
    });
    expect((await readEarlier(join(folder, 'b.json'))).results.extra).toEqual(extra);
  });

  it('says what to do where there are none', async () => {
    await expect(readResults('latest', folder)).rejects.toThrow('--save');
  });
});
