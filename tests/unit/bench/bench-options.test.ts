import { describe, expect, it } from 'vitest';
import { caseNames, readBenchOptions } from '../../../bench/bench-options.ts';

describe('the options of the bench', () => {
  it('are three rounds of the three films where nothing is said', () => {
    expect(readBenchOptions([])).toMatchObject({
      films: ['A', 'B', 'C'],
      cases: ['films'],
      rounds: 3,
      scenes: null,
      compare: null,
      table: null,
      isSaved: false,
    });
  });

  it('know all cases by one word', () => {
    expect(readBenchOptions(['--cases', 'all']).cases).toEqual(caseNames);
    expect(readBenchOptions(['--cases', 'tiny,overhead']).cases).toEqual(['tiny', 'overhead']);
  });

  it('compare with the latest results where no file is named', () => {
    expect(readBenchOptions(['--compare']).compare).toBe('latest');
    expect(readBenchOptions(['--compare', '--save'])).toMatchObject({ compare: 'latest', isSaved: true });
    expect(readBenchOptions(['--compare', 'old.json']).compare).toBe('old.json');
    expect(readBenchOptions(['--table']).table).toBe('latest');
  });

  it('refuse what they do not know, with the usage', () => {
    expect(() => readBenchOptions(['--cases', 'speed'])).toThrow('"speed" is not one of films');
    expect(() => readBenchOptions(['--films', 'D'])).toThrow('npm run bench');
    expect(() => readBenchOptions(['--rounds', '0'])).toThrow('--rounds');
    expect(() => readBenchOptions(['--fast'])).toThrow(/--fast[^]*npm run bench/);
  });
});
