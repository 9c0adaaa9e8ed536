import type { DocumentIssue } from '../contract/issue.ts';

/** More faults than this are counted as one: nobody reads on, and a hostile document must not cost memory. */
const ISSUES_MAX = 200;

/** Collects the faults of a document, each once, in the order found. */
export type IssueLog = {
  report(issue: DocumentIssue): void;
  hasIssues(): boolean;
  list(): readonly DocumentIssue[];
};

export function createIssueLog(): IssueLog {
  const issues = new Map<string, DocumentIssue>();
  let isFull = false;
  return {
    report(issue) {
      const identity = `${issue.code} ${issue.path}`;
      if (issues.has(identity)) return;
      if (issues.size < ISSUES_MAX) issues.set(identity, issue);
      else isFull = true;
    },
    hasIssues: () => issues.size > 0,
    list: () => [...issues.values(), ...(isFull ? [tooMany] : [])],
  };
}

const tooMany: DocumentIssue = {
  code: 'too-many-issues',
  path: '',
  message: `There are more than ${ISSUES_MAX} faults; the rest is not listed.`,
  hint: 'Mend these first, then validate again.',
};
