import type { DocumentIssue } from '../contract/issue.ts';
import type { RenderSubmission } from '../contract/submission.ts';
import { engineLimits } from '../plan-compiler/engine-limits.ts';
import { holdsForWhole } from '../plan-compiler/without-faults.ts';
import { checkDocument } from './check-document.ts';
import { InvalidRequest } from './error-answer.ts';
import type { ApiServices } from './services.ts';

type Services = Pick<ApiServices, 'accounts' | 'assets' | 'judge' | 'settings'>;

export type ReadDocument =
  | { readonly kind: 'read'; readonly submission: RenderSubmission }
  | { readonly kind: 'refused'; readonly issues: readonly DocumentIssue[] };

/**
 * What a caller sent, read as a submission within the engine's limits, or all its faults: those of its form, and those that
 * compiling the rest of it against the project's media finds.
 */
export async function readDocument(services: Services, userId: string, body: unknown): Promise<ReadDocument> {
  if (body === null || body === undefined) return { kind: 'refused', issues: [noDocument] };
  const limits = engineLimits(services.settings);
  const outcome = await services.judge.run(userId, 'read', { body, limits });
  if (outcome.kind === 'read') return outcome;
  const { rest } = outcome;
  const project = rest === null ? null : await services.accounts.findProject(userId, rest.projectId);
  if (rest === null || project === null) return outcome;
  const checked = await checkDocument(services, userId, rest);
  const told = new Set(outcome.issues.map(({ path }) => path));
  const found = checked.kind === 'refused' ? checked.issues : [];
  const more = found.filter((issue) => holdsForWhole(issue) && !told.has(issue.path));
  return { kind: 'refused', issues: [...outcome.issues, ...more] };
}

const noDocument: DocumentIssue = {
  code: 'required',
  path: '',
  message: 'There is no document: the body is empty, or null.',
  hint: 'Send the document as JSON.',
};

/** The same for a route that can do nothing with a document that is refused. */
export async function requireSubmission(
  services: Services,
  userId: string,
  body: unknown,
): Promise<RenderSubmission> {
  const outcome = await readDocument(services, userId, body);
  if (outcome.kind === 'read') return outcome.submission;
  throw invalidDocument(outcome.issues);
}

export function invalidDocument(issues: readonly DocumentIssue[]): InvalidRequest {
  const faults = issues.map(({ path, message, hint }) => ({ path, message, hint }));
  return new InvalidRequest('The document is not valid.', faults);
}
