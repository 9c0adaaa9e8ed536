// Reads the report of a test run and says how it went in one line.
import { z } from 'zod';

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

export type TestSummary = { readonly passed: number; readonly failed: number; readonly isGood: boolean };

/**
 * Counts a file that could not even be loaded as one failure, and a run that failed outside of any test as one too:
 * the last line must never say "0 failed" of a run that was not good.
 */
export function summarize(reportJson: string | null, exitCode: number | null): TestSummary {
  const report = reportJson === null ? null : Report.safeParse(parseJson(reportJson)).data;
  if (report === null || report === undefined) return { passed: 0, failed: 1, isGood: false };
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const counted = report.numFailedTests + broken.length;
  const isGood = exitCode === 0 && report.success && counted === 0 && report.numPassedTests > 0;
  return { passed: report.numPassedTests, failed: isGood ? 0 : Math.max(1, counted), isGood };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
