import type { DocumentIssue } from '../contract/issue.ts';
import type { Settings } from '../contract/settings.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import { engineLimits } from '../plan-compiler/engine-limits.ts';
import { type ReadSubmission, readSubmission } from '../plan-compiler/read-submission.ts';
import { InvalidRequest } from './error-answer.ts';

/** What a caller sent, read as a submission within the engine's limits, or all its faults. Media are not looked at. */
export function readDocument(settings: Settings, body: unknown): ReadSubmission {
  return readSubmission(body, engineLimits(settings));
}

/** The same for a route that can do nothing with a document that is refused. */
export function requireSubmission(settings: Settings, body: unknown): RenderSubmission {
  const outcome = readDocument(settings, body);
  if (outcome.kind === 'read') return outcome.submission;
  throw invalidDocument(outcome.issues);
}

export function invalidDocument(issues: readonly DocumentIssue[]): InvalidRequest {
  const faults = issues.map(({ path, message, hint }) => ({ path, message, hint }));
  return new InvalidRequest('The document is not valid.', faults);
}
