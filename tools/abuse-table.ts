// The table of `npm run test:abuse`: one row for each case, from the report of a test run.
import { relative } from 'node:path';
import { z } from 'zod';
import type { AbuseCase, Proof } from './abuse-cases.ts';

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});
type Report = z.infer<typeof Report>;

export type AbuseRow = { readonly id: string; readonly line: string; readonly isGood: boolean };

/** A case without a single test that ran has failed. */
export function abuseRows(
  reportJson: string,
  cases: readonly AbuseCase[],
  root: string,
): readonly AbuseRow[] {
  const report = Report.parse(JSON.parse(reportJson));
  return cases.map(({ id, what, expected, proofs }) => {
    const statuses = proofs.flatMap((proof) => statusesOf(report, proof, root));
    const passed = statuses.filter((status) => status === 'passed').length;
    const isGood = statuses.length > 0 && passed === statuses.length && everyProofRan(report, proofs, root);
    const cells = [
      id.padEnd(4),
      what.padEnd(58),
      expected.padEnd(40),
      `${passed}/${statuses.length}`.padEnd(7),
    ];
    return { id, isGood, line: `${cells.join(' ')} ${isGood ? 'ok' : 'FAILED'}` };
  });
}

function everyProofRan(report: Report, proofs: readonly Proof[], root: string): boolean {
  return proofs.every((proof) => statusesOf(report, proof, root).length > 0);
}

function statusesOf({ testResults }: Report, { file, titles }: Proof, root: string): readonly string[] {
  return testResults
    .filter(({ name }) => relative(root, name) === file)
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => titles.test(fullName.trim()))
    .map(({ status }) => status);
}
