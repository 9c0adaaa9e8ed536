// Media that documents refer to as "asset:<id>".
import { z } from 'zod';
import { AssetList } from '../../contract/answers.ts';
import { Asset } from '../../contract/asset.ts';
import { Label } from '../../contract/units.ts';
import { type Api, type ApiServer, faultAnswers, PageQuery } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';
import { lookAtAsset, removeAsset } from '../own-asset.ts';
import { requireProject } from '../own-project.ts';

const AssetParams = z.object({
  assetId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .describe('Without the "asset:" by which documents name it.'),
});

const AssetListQuery = PageQuery.extend({
  projectId: Label.describe('A project of yours.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('Of all bytes, lower-case hexadecimal: tells whether a file is there already.'),
});

export function assetRoutes(server: ApiServer, api: Api): void {
  listAssets(server, api);
  getAsset(server, api);
  deleteAsset(server, api);
}

function listAssets(server: ApiServer, api: Api): void {
  server.get(
    '/v1/assets',
    {
      schema: {
        operationId: 'listAssets',
        tags: ['assets'],
        summary: 'Assets of a project, newest first',
        querystring: AssetListQuery,
        response: { 200: AssetList, ...faultAnswers },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { projectId, sha256, limit, cursor } = request.query;
      await requireProject(api, caller.user.userId, projectId);
      const filter = { projectId, sha256: sha256 ?? null, limit, cursor: cursor ?? null };
      const page = await api.assets.list(caller.user.userId, filter);
      return { assets: [...page.assets], nextCursor: page.nextCursor };
    },
  );
}

function getAsset(server: ApiServer, api: Api): void {
  server.get(
    '/v1/assets/:assetId',
    {
      schema: {
        operationId: 'getAsset',
        tags: ['assets'],
        summary: 'An asset and what is known of it',
        params: AssetParams,
        response: { 200: Asset, ...faultAnswers },
      },
    },
    async (request) => lookAtAsset(api, callerOf(request).user.userId, request.params.assetId),
  );
}

function deleteAsset(server: ApiServer, api: Api): void {
  server.delete(
    '/v1/assets/:assetId',
    {
      schema: {
        operationId: 'deleteAsset',
        tags: ['assets'],
        summary: 'Remove an asset that no active job uses',
        params: AssetParams,
        response: { 204: z.null(), ...faultAnswers },
      },
    },
    async (request, reply) => {
      await removeAsset(api, callerOf(request).user.userId, request.params.assetId);
      return reply.code(204).send(null);
    },
  );
}
