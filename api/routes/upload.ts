// Media comes in, as the raw body of a request.
import { Readable } from 'node:stream';
import { z } from 'zod';
import { Asset } from '../../contract/asset.ts';
import { RenderError } from '../../contract/errors.ts';
import { Label } from '../../contract/units.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { requireProject } from '../own-project.ts';
import { type Received, receiveAsset } from '../receive-asset.ts';
import { uploadTooLarge } from '../upload-body.ts';

const UploadQuery = z.object({
  projectId: Label.describe('A project of yours: documents of others cannot name the file.'),
  name: Label.default('unnamed').describe('For you, such as the name of the file; it decides nothing.'),
});

const statusOf = { new: 201, known: 200, processing: 202 } as const satisfies Record<
  Received['kind'],
  number
>;

/** Call it on a server of its own scope: it takes every content type as a stream. */
export function uploadRoutes(server: ApiServer, api: Api): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  server.post(
    '/v1/assets',
    {
      bodyLimit: api.settings.UPLOAD_MAX_BYTES,
      schema: {
        operationId: 'uploadAsset',
        tags: ['assets'],
        summary: 'Upload a media file as the raw body',
        description:
          '201 with its facts; 200 with the asset that holds the same bytes already; 202 while it is still looked at: ask for the asset until its status changes.',
        consumes: ['application/octet-stream'],
        querystring: UploadQuery,
        response: { 200: Asset, 201: Asset, 202: Asset, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request).user;
      const { projectId, name } = request.query;
      refuseForm(request.headers['content-type']);
      refuseAnnouncedSize(request.headers['content-length'], api.settings.UPLOAD_MAX_BYTES);
      await requireProject(api, userId, projectId);
      const body = request.body instanceof Readable ? request.body : Readable.from([]);
      const { kind, asset } = await receiveAsset(api, { userId, projectId, name, body });
      return reply.code(statusOf[kind]).header('location', `/v1/assets/${asset.assetId}`).send(asset);
    },
  );
}

/** Its bytes would be taken for those of the file, which would be refused without a word about the form. */
function refuseForm(contentType: string | undefined): void {
  if (!/^multipart\//i.test(contentType ?? '')) return;
  throw new RenderError('UNSUPPORTED_MEDIA_TYPE', 'A file is sent as the body itself, not in a form.', {
    hint: 'With curl: -X POST -T film.mp4, and no -F.',
  });
}

/** Saves an honest sender the way; one that says nothing or too little is counted while it sends. */
function refuseAnnouncedSize(contentLength: string | undefined, bytesMax: number): void {
  if (Number(contentLength ?? 0) > bytesMax) throw uploadTooLarge(bytesMax);
}
