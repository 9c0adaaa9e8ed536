import { errorCatalogue } from '../contract/errors.ts';

/** What a reader of `/docs` sees first: the way from a file to a film, and what may go wrong. */
export function introduceApi(): string {
  const errors = Object.entries(errorCatalogue).map(
    ([code, { status, meaning }]) => `- \`${status} ${code}\`: ${meaning}`,
  );
  return [
    'Renders films that are described as data. Send your key with each request, as `x-api-key: KEY` or `Authorization: Bearer KEY`.',
    '1. `POST /v1/assets?projectId=…` uploads a file; documents name it `"asset:<assetId>"`.\n2. `POST /v1/render/jobs` submits a document; `POST /v1/render/validate` only tells what is wrong with one.\n3. `GET /v1/jobs/{jobId}/progress` tells of the job until it ends, and `GET /v1/jobs/{jobId}` at any time.\n4. `outputUrl` of a job that is done is the film.',
    'Times are ISO 8601 in UTC, ids are opaque, lengths of time are seconds. Errors are `{error, code, details?}`; `429` and `503` say in `Retry-After` when to come back:',
    errors.join('\n'),
  ].join('\n\n');
}

/** In the order in which a reader needs them. */
export const apiTopics = [
  { name: 'jobs', description: 'A job renders one document, scene by scene, into one film.' },
  { name: 'documents', description: 'Films as data. All of the document is in docs/reference/movie.md.' },
  { name: 'assets', description: 'Media that documents name.' },
  { name: 'projects', description: 'They hold jobs and assets; rendered scenes are used again within one.' },
  { name: 'account', description: 'The caller, their keys, and what they have used up.' },
  { name: 'webhooks', description: 'How jobs with a `callbackUrl` were told of, and by which secret.' },
  { name: 'objects', description: 'Films and what belongs to them, by links that need no key.' },
  { name: 'health', description: 'For those who watch the server. No key is needed.' },
] as const;

/** What an answer is, where its status is all that is to be said of it. */
export const answerNames: Readonly<Record<string, string>> = {
  '200': 'Done',
  '201': 'Made',
  '202': 'Accepted: it goes on after this answer',
  '204': 'Done; there is nothing to say',
  '4XX': 'Refused: `code` tells why',
  '5XX': 'A fault of ours, or a part is out of reach',
};
