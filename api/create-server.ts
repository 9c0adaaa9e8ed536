import fastify, { type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { admitToApi } from './admission.ts';
import type { Api, ApiServer } from './api-server.ts';
import { callerOf, createAuthenticator } from './authenticate.ts';
import { limitBodyTime } from './body-deadline.ts';
import { answerClientError } from './client-error.ts';
import { describeApi } from './describe-api.ts';
import { takeDocuments } from './document-body.ts';
import { answerNotFound, sendError } from './error-answer.ts';
import { holdPlace } from './hold-place.ts';
import { JobEventStreams } from './job-event-streams.ts';
import { limitRate } from './limit-rate.ts';
import { ObjectLinks } from './object-links.ts';
import { closeWithRequests } from './open-requests.ts';
import { type PlaceBounds, Places } from './places.ts';
import { logRequests } from './request-log.ts';
import { accountRoutes } from './routes/account.ts';
import { assetRoutes } from './routes/assets.ts';
import { descriptionRoutes } from './routes/description.ts';
import { documentRoutes } from './routes/documents.ts';
import { healthRoutes } from './routes/health.ts';
import { jobRoutes } from './routes/jobs.ts';
import { keyRoutes } from './routes/keys.ts';
import { objectRoutes } from './routes/objects.ts';
import { progressRoutes } from './routes/progress.ts';
import { projectRoutes } from './routes/projects.ts';
import { resultRoutes } from './routes/results.ts';
import { submitRoutes } from './routes/submit.ts';
import { uploadRoutes } from './routes/upload.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import type { ApiServices } from './services.ts';
import { forgetTypeOfNothing } from './type-of-nothing.ts';

/** Bodies other than documents and uploads. */
const BODY_BYTES_MAX = 64 * 1024;
/** A whole request, uploads included; smaller bounds hold below it. */
const REQUEST_MS_MAX = 6 * 3_600_000;
/** Each holds up to 16 MB on its way to an S3 store. */
const uploadPlaces: PlaceBounds = {
  max: 64,
  perOwnerMax: 16,
  things: 'uploads',
  owner: 'user',
  are: 'are taken',
  hint: 'Send this one when another has ended.',
};
/** Each is held as it came until it was read. */
const largeBodyPlaces: PlaceBounds = {
  max: 64,
  perOwnerMax: 8,
  things: 'large documents',
  owner: 'user',
  are: 'are taken',
  hint: 'Send this one when another was answered.',
};
const LARGE_BODY_BYTES = 1024 * 1024;
/** How slow a client may be before it is answered 408; tests are less patient. */
const patience = { headersMs: 20_000, bodyMs: 30_000, checkMs: 5_000, idleMs: 180_000 } as const;
/** Each open connection costs some kilobytes, also while it says nothing. */
const CONNECTIONS_MAX = 10_000;

type Patience = { readonly [Part in keyof typeof patience]: number };

/** The HTTP server, ready to listen or to be injected into. It opens nothing itself: everything comes as services. */
export function createServer(
  services: ApiServices,
  { headersMs, bodyMs, checkMs, idleMs }: Patience = patience,
): FastifyInstance {
  const server = fastify({
    loggerInstance: services.log,
    // `logRequests` writes its own lines: Fastify's hold addresses, and those of signed links are secrets.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    // Nothing came and nothing was taken: who asked for a film and does not read it holds no stream of the store for ever.
    connectionTimeout: idleMs,
    // Below `http`: Node ignores them elsewhere (measured: a trickling body stayed open).
    http: {
      requestTimeout: REQUEST_MS_MAX,
      headersTimeout: headersMs,
      connectionsCheckingInterval: checkMs,
    },
    // A HEAD by way of GET would read whole objects and hang on streams.
    exposeHeadRoutes: false,
    genReqId: () => services.newId(),
    clientErrorHandler: answerClientError,
    // Addresses that cannot be read are refused before there is a route, and in another form than all else.
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  });
  server.server.maxConnections = CONNECTIONS_MAX;
  const links = new ObjectLinks(services, () => {
    const address = server.server.address();
    return address !== null && typeof address === 'object' ? address.port : null;
  });
  const api: Api = { ...services, links, eventStreams: new JobEventStreams(services) };

  server.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(sendError);
  server.setNotFoundHandler(answerNotFound);
  logRequests(server);
  closeWithRequests(server, () => api.eventStreams.closeAll());
  describeApi(server);
  server.register(async (scope) => addRoutes(scope.withTypeProvider<ZodTypeProvider>(), api, bodyMs));
  return server;
}

async function addRoutes(server: ApiServer, api: Api, bodyMs: number): Promise<void> {
  healthRoutes(server, api);
  objectRoutes(server, api);
  descriptionRoutes(server);
  await server.register(async (keyed) => addKeyedRoutes(keyed, api, bodyMs));
}

/** All that needs an API key. */
async function addKeyedRoutes(server: ApiServer, api: Api, bodyMs: number): Promise<void> {
  const authenticate = createAuthenticator(api);
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request, reply) => {
    request.caller = await authenticate(request);
    await limitRate(api.accounts, request.caller, reply);
  });
  accountRoutes(server, api);
  await server.register(async (planned) => addPlannedRoutes(planned, api, bodyMs));
}

/** All that needs a plan with the API. */
async function addPlannedRoutes(server: ApiServer, api: Api, bodyMs: number): Promise<void> {
  server.addHook('onRequest', (request, _reply, done) => {
    admitToApi(callerOf(request).plan);
    done();
  });
  await server.register((uploads, _options, done) => {
    uploads.addHook('onRequest', holdPlace(new Places(uploadPlaces)));
    uploadRoutes(uploads, api);
    done();
  });
  await server.register(async (json) => {
    json.addHook('onRequest', forgetTypeOfNothing);
    json.addHook('preParsing', limitBodyTime(bodyMs));
    for (const addTo of jsonRoutes) addTo(json, api);
    await json.register((documents, _options, done) => {
      documents.addHook('onRequest', holdPlace(new Places(largeBodyPlaces), LARGE_BODY_BYTES));
      takeDocuments(documents);
      submitRoutes(documents, api);
      documentRoutes(documents, api);
      done();
    });
  });
}

const jsonRoutes: readonly ((server: ApiServer, api: Api) => void)[] = [
  jobRoutes,
  progressRoutes,
  resultRoutes,
  assetRoutes,
  projectRoutes,
  keyRoutes,
  webhookRoutes,
];
