// Documents are checked without being rendered.
import { Validation } from '../../contract/answers.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';
import { DOCUMENT_BYTES_MAX, DocumentBody } from '../document-body.ts';
import { readDocument } from '../read-document.ts';

export function documentRoutes(server: ApiServer, api: Api): void {
  server.post(
    '/v1/render/validate',
    {
      bodyLimit: DOCUMENT_BYTES_MAX,
      schema: {
        operationId: 'validateDocument',
        tags: ['documents'],
        summary: 'All faults of a document at once',
        description:
          'Takes what POST /v1/render/jobs takes and starts nothing. Media are looked at when a job is planned.',
        body: DocumentBody,
        response: { 200: Validation, ...faultAnswers },
      },
    },
    (request) => {
      const outcome = readDocument(api.settings, request.body);
      return outcome.kind === 'read'
        ? { valid: true, issues: [] }
        : { valid: false, issues: [...outcome.issues] };
    },
  );
}
