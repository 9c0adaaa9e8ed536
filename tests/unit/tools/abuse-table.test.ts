import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { abuseCases } from '../../../tools/abuse-cases.ts';
import { abuseRows } from '../../../tools/abuse-table.ts';

const cases = [
  {
    id: 'A1',
    what: 'a',
    expected: 'b',
    proofs: [
      { file: 'tests/one.test.ts', titles: /^large/ },
      { file: 'tests/two.test.ts', titles: /./ },
    ],
  },
];

const report = (one: readonly (readonly [string, string])[], two: readonly (readonly [string, string])[]) =>
  JSON.stringify({
    testResults: [one, two].map((tests, index) => ({
      name: `/root/tests/${index === 0 ? 'one' : 'two'}.test.ts`,
      assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
    })),
  });
const rows = (json: string) => abuseRows(json, cases, '/root');
const good = ['x', 'passed'] as const;

describe('the table of abuse cases', () => {
  it('counts the tests of a case, and no others', () => {
    const [row] = rows(
      report(
        [
          ['large film', 'passed'],
          ['small film', 'failed'],
        ],
        [good],
      ),
    );
    expect(row).toMatchObject({ id: 'A1', isGood: true });
    expect(row?.line).toMatch(/^A1 +a +b +2\/2 +ok$/);
  });

  it('fails a case of which a test failed, was left out, or is not there any more', () => {
    for (const status of ['failed', 'skipped', 'todo']) {
      expect(rows(report([['large film', status]], [good]))[0]?.isGood, status).toBe(false);
    }
    expect(rows(report([], [good]))[0]?.isGood).toBe(false);
    expect(rows(report([['large film', 'passed']], []))[0]?.isGood).toBe(false);
  });

  it('names twelve cases and files that are there', () => {
    expect(abuseCases.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, index) => `A${index + 1}`));
    for (const { file } of abuseCases.flatMap(({ proofs }) => proofs))
      expect(existsSync(file), file).toBe(true);
  });
});
