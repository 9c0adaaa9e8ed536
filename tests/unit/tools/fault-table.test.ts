import { describe, expect, it } from 'vitest';
import { faultTable } from '../../../tools/fault-table.ts';

const fileReport = (status: string, assertionResults: readonly object[]): string =>
  JSON.stringify({ testResults: [{ status, assertionResults }] });
const report = (...results: readonly object[]): string => fileReport('passed', results);

describe('the table of faults', () => {
  it('has a line for each case, in the order of their numbers', () => {
    const table = faultTable(
      report(
        { title: 'F10: a byte is flipped', status: 'failed', duration: 1_250 },
        { title: 'F2: killed', status: 'passed', duration: 900 },
        { title: 'F19b: by a signal', status: 'passed', duration: 100 },
      ),
    );
    expect(table.split('\n')).toEqual([
      'F2    killed             passed     0.9 s',
      'F10   a byte is flipped  failed     1.3 s',
      'F19b  by a signal        passed     0.1 s',
    ]);
  });

  it('has all cases of a file whose stage could not be set up, as failed', () => {
    const table = faultTable(fileReport('failed', [{ title: 'F15a: disk full', status: 'skipped' }]));
    expect(table).toBe('F15a  disk full  failed     0.0 s');
  });

  it('is empty where the run broke off, and leaves out what was not run', () => {
    expect(faultTable(null)).toBe('');
    expect(faultTable(report({ title: 'F1: killed', status: 'skipped' }))).toBe('');
  });
});
