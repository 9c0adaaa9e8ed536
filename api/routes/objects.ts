// Bytes by signed link, for players and browsers that have no key.
import { extname } from 'node:path/posix';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RenderError } from '../../contract/errors.ts';
import type { ObjectInfo, ObjectStore } from '../../storage/object-store.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';
import { readByteRange } from '../byte-range.ts';
import { type PlaceBounds, Places } from '../places.ts';

const ObjectParams = z.object({
  '*': z.string().min(1).max(1024).describe('The key of the object, with its slashes.'),
});
const LinkQuery = z.object({
  expires: z
    .string()
    .regex(/^\d{1,12}$/)
    .describe('Unix time in seconds.'),
  signature: z.string().min(1).max(256).describe('Of key and time; links are taken as they came.'),
});

const contentTypes: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
};

/** Of a job at once: whoever watches its film holds one for as long as they take to read. Each has a piece of 256 KB in memory. */
const readPlaces: PlaceBounds = {
  max: 2_000,
  perOwnerMax: 100,
  things: 'objects',
  owner: 'job',
  are: 'are sent',
  hint: 'Come back when another has ended, or download the film once.',
};

export function objectRoutes(server: ApiServer, api: Api): void {
  const places = new Places(readPlaces);
  server.route({
    method: ['GET', 'HEAD'],
    url: '/objects/*',
    schema: {
      operationId: 'getObject',
      tags: ['objects'],
      summary: 'The bytes of an object, by a link that this server signed',
      description: 'Range requests are honoured. 403 for a link that has expired or was changed.',
      security: [],
      params: ObjectParams,
      querystring: LinkQuery,
      response: {
        200: { description: 'The bytes', content: { '*/*': { schema: z.unknown() } } },
        206: { description: 'A part', content: { '*/*': { schema: z.unknown() } } },
        ...faultAnswers,
      },
    },
    handler: async (request, reply) => {
      const key = request.params['*'];
      refuseBadLink(api.links.check(key, request.query));
      const info = await api.store.stat(key);
      if (info === null) throw new RenderError('NOT_FOUND', 'There is no such object.');
      return sendObject({ store: api.store, places }, info, { request, reply });
    },
  });
}

function refuseBadLink(outcome: 'valid' | 'expired' | 'wrong'): void {
  if (outcome === 'valid') return;
  throw new RenderError(
    'FORBIDDEN',
    outcome === 'expired' ? 'The link has expired.' : 'The link is not valid.',
    {
      hint: 'Ask for the job again: it carries a fresh link.',
    },
  );
}

async function sendObject(
  { store, places }: { readonly store: ObjectStore; readonly places: Places },
  info: ObjectInfo,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const etag = `"${info.bytes.toString(16)}-${info.modifiedAt.getTime().toString(16)}"`;
  const range = readByteRange(rangeHeader(request, etag), info.bytes);
  if (range.kind === 'unsatisfiable') return refuseRange(reply, info);
  const [start, end] = range.kind === 'part' ? [range.start, range.end] : [0, info.bytes - 1];
  const isBare = request.method === 'HEAD' || info.bytes === 0;
  // Before the headers: a browser would keep the error of a store that is away for as long as they say.
  if (!isBare) {
    const leave = places.take(ownerOf(info.key));
    reply.raw.once('finish', leave).once('close', leave);
  }
  const bytes = isBare ? undefined : await store.read(info.key, { start, end });
  reply.code(range.kind === 'part' ? 206 : 200).headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=3600',
    'content-type': contentTypes[extname(info.key)] ?? 'application/octet-stream',
    'content-length': end - start + 1,
    etag,
    // What users uploaded never runs in a page of ours.
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
  if (range.kind === 'part') reply.header('content-range', `bytes ${start}-${end}/${info.bytes}`);
  return reply.send(bytes);
}

/** Whose object it is: below its kind every key names the job, or the user, it belongs to. */
function ownerOf(key: string): string {
  return key.split('/').slice(0, 2).join('/');
}

function refuseRange(reply: FastifyReply, { bytes }: ObjectInfo): FastifyReply {
  return reply
    .code(416)
    .headers({ 'accept-ranges': 'bytes', 'content-range': `bytes */${bytes}` })
    .type('application/json')
    .send({ error: `The object has ${bytes} bytes.`, code: 'VALIDATION_ERROR' });
}

/** A range of another version of the object would be mixed with this one, so If-Range makes it whole. */
function rangeHeader(request: FastifyRequest, etag: string): string | undefined {
  const condition = request.headers['if-range'];
  return condition === undefined || condition === etag ? request.headers.range : undefined;
}
