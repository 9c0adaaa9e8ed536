import type { DocumentIssue } from '../contract/issue.ts';
import { RenderSubmission } from '../contract/submission.ts';
import { admitJson } from './admit-json.ts';
import type { EngineLimits } from './compile-types.ts';
import { explainFault } from './explain-fault.ts';
import { checkFilm } from './film-limits.ts';
import { createIssueLog } from './issue-log.ts';
import { withoutFaults } from './without-faults.ts';

export type ReadSubmission =
  | { readonly kind: 'read'; readonly submission: RenderSubmission }
  | {
      readonly kind: 'refused';
      readonly issues: readonly DocumentIssue[];
      /** What is left without the faulty pieces, for compiling it all the same; null where nothing is. */
      readonly rest: RenderSubmission | null;
    };

/**
 * Any JSON as a submission with its defaults, or all that is wrong with it. Never throws, whatever the body. What depends on
 * the files' facts is left to the compiler.
 */
export function readSubmission(body: unknown, limits: EngineLimits): ReadSubmission {
  const log = createIssueLog();
  const admitted = admitJson(body, log);
  const parsed = RenderSubmission.safeParse(admitted);
  if (parsed.success) checkFilm(parsed.data.movie, limits, log);
  const told = new Set<string>();
  for (const issue of parsed.error?.issues.flatMap((fault) => explainFault(fault, admitted)) ?? []) {
    // A value of the wrong type is often out of range, too: the first fault of a place is the one to mend.
    if (!told.has(issue.path)) log.report(issue);
    told.add(issue.path);
  }
  if (parsed.success && !log.hasIssues()) return { kind: 'read', submission: parsed.data };
  const rest = parsed.success ? parsed.data : withoutFaults(admitted, parsed.error.issues);
  return { kind: 'refused', issues: log.list(), rest };
}
