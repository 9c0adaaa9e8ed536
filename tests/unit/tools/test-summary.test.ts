import { describe, expect, it } from 'vitest';
import { summarize } from '../../../tools/test-summary.ts';

const report = (passed: number, failed: number, files: readonly (readonly string[])[] = []): string =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    success: failed === 0,
    testResults: files.map((tests) => ({
      status: tests.length === 0 || tests.includes('failed') ? 'failed' : 'passed',
      assertionResults: tests.map((status) => ({ status })),
    })),
  });

describe('the summary of a test run', () => {
  it('is good where every test passed', () => {
    expect(summarize(report(12, 0, [['passed']]), 0)).toEqual({ passed: 12, failed: 0, isGood: true });
  });

  it('counts the tests that failed', () => {
    expect(summarize(report(10, 2, [['passed', 'failed', 'failed']]), 1)).toEqual({
      passed: 10,
      failed: 2,
      isGood: false,
    });
  });

  it('counts a file that could not be loaded', () => {
    expect(summarize(report(10, 0, [['passed'], []]), 1)).toEqual({ passed: 10, failed: 1, isGood: false });
  });

  it('never says "0 failed" of a run that was not good', () => {
    expect(summarize(report(10, 0), 1).failed).toBe(1);
    expect(summarize(report(10, 0), null).failed).toBe(1);
    expect(summarize(report(0, 0), 0)).toEqual({ passed: 0, failed: 1, isGood: false });
    expect(summarize(null, 0)).toEqual({ passed: 0, failed: 1, isGood: false });
    expect(summarize('{', 0).isGood).toBe(false);
  });
});
