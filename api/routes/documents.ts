// Documents are checked without being rendered.
import { Validation } from '../../contract/answers.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { checkDocument } from '../check-document.ts';
import { DOCUMENT_BYTES_MAX, DocumentBody } from '../document-body.ts';
import { requireProject } from '../own-project.ts';
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
        description: 'Takes what POST /v1/render/jobs takes and starts nothing.',
        body: DocumentBody,
        response: { 200: Validation, ...faultAnswers },
      },
    },
    async (request) => {
      const { userId } = callerOf(request).user;
      const document = await readDocument(api, userId, request.body);
      if (document.kind === 'refused') return { valid: false, issues: [...document.issues] };
      await requireProject(api, userId, document.submission.projectId);
      const checked = await checkDocument(api, userId, document.submission);
      return { valid: checked.kind === 'fit', issues: checked.kind === 'fit' ? [] : [...checked.issues] };
    },
  );
}
