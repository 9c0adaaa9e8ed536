import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Artifact, ErrorBody, JobEvent, JobEventText, Project } from '../contract/answers.ts';
import { Asset, AssetFacts } from '../contract/asset.ts';
import { JobView } from '../contract/job.ts';
import { Layer } from '../contract/layers.ts';
import { Movie, Scene } from '../contract/movie.ts';
import { RenderSubmission } from '../contract/submission.ts';
import { WebhookDelivery } from '../contract/webhook.ts';
import { describeHeaders } from './describe-headers.ts';
import { answerNames, apiTopics, introduceApi } from './introduce-api.ts';
import { describeEvents } from './webhooks/describe-events.ts';

/** Makes the OpenAPI document from the schemas of the routes. Call it before any route is added. */
export function describeApi(server: FastifyInstance): void {
  const options = { schemaRegistry: namedSchemas(), zodToJsonConfig: { override: addText } };
  const transformObject = createJsonSchemaTransformObject(options);
  server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'scenemill', version: '1', description: introduceApi() },
      tags: [...apiTopics],
      security: [{ apiKey: [] }, { bearer: [] }],
      // The plugin knows only the schemas of an older draft.
      webhooks: describeEvents() as never,
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: createJsonSchemaTransform(options),
    transformObject: (document) => withAnswers(withoutUnusedSchemas(transformObject(document))),
  });
}

/** What stands once in the document, under a name; everything else is written where it is used. */
function namedSchemas(): typeof z.globalRegistry {
  const registry = z.registry<z.core.GlobalMeta>();
  const named = {
    RenderSubmission,
    Movie,
    Scene,
    Layer,
    Job: JobView,
    JobEvent,
    Asset,
    AssetFacts,
    Artifact,
    Project,
    WebhookDelivery,
  };
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  registry.add(ErrorBody, { id: 'Error' });
  return registry;
}

const jobEventInText = {
  contentMediaType: 'application/json',
  contentSchema: { $ref: '#/components/schemas/JobEvent' },
} as const;

type JsonSchema = Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0];

/** What a field means stands in Zod's own registry, which is not asked where names have another one. */
function addText({ zodSchema, jsonSchema }: JsonSchema): void {
  const text = z.globalRegistry.get(zodSchema)?.description;
  if (text !== undefined) jsonSchema.description = text;
  // Zod has no text that holds JSON.
  if (zodSchema === JobEventText) Object.assign(jsonSchema, jobEventInText);
  // The bounds of every whole number in JavaScript say nothing of this one.
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

type OpenApi = ReturnType<ReturnType<typeof createJsonSchemaTransformObject>>;

/** Each named schema comes in two forms, as sent and as answered, and most are used in one. */
function withoutUnusedSchemas(document: OpenApi): OpenApi {
  const { components, ...rest } = document as { components?: { schemas?: Record<string, unknown> } };
  const all = components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      visit(all[name] ?? null);
    }
  };
  visit(rest);
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  // The parts are those of the document that came in.
  return { ...rest, components: { ...components, schemas } } as OpenApi;
}

type Answer = { description?: string; headers?: object };
type Operation = { operationId?: string; responses?: Record<string, Answer> };
type Operations = { [method: string]: Operation };

/** What the plugin does not tell: the headers and names of answers, and a name for the HEAD of a route that has a GET. */
function withAnswers(document: OpenApi): OpenApi {
  const { paths } = document as { paths?: Record<string, Operations> };
  for (const operations of Object.values(paths ?? {})) {
    const { head, get } = operations;
    // Both are one object where they are one route.
    for (const operation of new Set(Object.values(operations))) describeAnswers(operation);
    if (head !== undefined && get?.operationId !== undefined)
      operations.head = { ...head, operationId: `${get.operationId}Head` };
  }
  return document;
}

function describeAnswers({ operationId = '', responses = {} }: Operation): void {
  for (const [status, answer] of Object.entries(responses)) {
    answer.headers = describeHeaders(operationId, status);
    if (answer.description === 'Default Response') answer.description = answerNames[status] ?? status;
  }
}
