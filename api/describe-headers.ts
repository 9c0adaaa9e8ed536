// The headers of answers that say something of their own; those that every server sends are not told.

type Header = { readonly description: string; readonly schema: { readonly type: 'string' | 'integer' } };
type Headers = Readonly<Record<string, Header>>;

const text = (description: string): Header => ({ description, schema: { type: 'string' } });

/** Of every answer. */
const requestId = text(
  'Names the request in the log of the server; tell it to the operator when you ask for help.',
);

const retryAfter: Header = {
  description: 'Seconds after which to come back; with 429 and 503.',
  schema: { type: 'integer' },
};

const ofStatus: Readonly<Record<string, Headers>> = {
  '4XX': { 'retry-after': retryAfter, 'www-authenticate': text('`Bearer`; with 401.') },
  '5XX': { 'retry-after': retryAfter },
};

const job = { location: text('The path of the job.') };
const asset = { location: text('The path of the asset.') };
const bytes = {
  'accept-ranges': text('`bytes`'),
  etag: text('Names these bytes; for `If-Range`.'),
};

const ofOperation: Readonly<Record<string, Readonly<Record<string, Headers>>>> = {
  submitJob: { '200': job, '202': job },
  retryJob: { '200': job, '202': job },
  uploadAsset: { '200': asset, '201': asset, '202': asset },
  getObject: {
    '200': bytes,
    '206': { ...bytes, 'content-range': text('`bytes first-last/all`') },
    '4XX': {
      'accept-ranges': bytes['accept-ranges'],
      'content-range': text('`bytes */all`; with 416.'),
    },
  },
};

/** By name, in lower case. `status` is as the document writes it: a number, `4XX` or `5XX`. */
export function describeHeaders(operationId: string, status: string): Headers {
  return { 'x-request-id': requestId, ...ofStatus[status], ...ofOperation[operationId]?.[status] };
}
