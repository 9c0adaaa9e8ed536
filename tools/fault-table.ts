import { z } from 'zod';

const Report = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(
        z.object({ title: z.string(), status: z.string(), duration: z.number().nullish() }),
      ),
    }),
  ),
});

const TITLE = /^(F(\d+)[a-z]?): (.*)$/;

/** A line for each case that was run, in the order of the list: number, what was done, outcome, seconds. */
export function faultTable(reportJson: string | null): string {
  const report = reportJson === null ? null : Report.parse(JSON.parse(reportJson));
  const cases = (report?.testResults ?? [])
    .flatMap(casesOf)
    .sort((a, b) => a.number - b.number || a.id.localeCompare(b.id));
  const widths = { id: widest(cases.map(({ id }) => id)), what: widest(cases.map(({ what }) => what)) };
  return cases
    .map(
      ({ id, what, status, seconds }) =>
        `${id.padEnd(widths.id)}  ${what.padEnd(widths.what)}  ${status}  ${seconds.padStart(6)} s`,
    )
    .join('\n');
}

type FileReport = z.infer<typeof Report>['testResults'][number];

/** Where a file's stage could not be set up, none of its cases was run: each has failed. */
function casesOf({ status: fileStatus, assertionResults }: FileReport) {
  const isBroken = fileStatus === 'failed' && !assertionResults.some(({ status }) => status === 'failed');
  return assertionResults.flatMap(({ title, status: ownStatus, duration }) => {
    const [, id = '', number = '', what = ''] = TITLE.exec(title) ?? [];
    const status = isBroken ? 'failed' : ownStatus;
    if (id === '' || (status !== 'passed' && status !== 'failed')) return [];
    return { id, number: Number(number), what, status, seconds: ((duration ?? 0) / 1000).toFixed(1) };
  });
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
