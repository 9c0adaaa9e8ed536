// The server's own description with real ids in it and small films only, so that requests reach what lies behind the checks.

/** What exists on the server under test. */
export type RealThings = {
  readonly projectId: string;
  readonly jobIds: readonly string[];
  readonly assetIds: readonly string[];
};

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Schemas of requests only: those of answers stay as they are. */
const documents = /^(RenderSubmission|Movie|Scene)/;

/** Takes the description by value: what comes in is left alone. */
export function narrowSchema(openapi: unknown, things: RealThings): unknown {
  const parameters: Readonly<Record<string, Json>> = {
    projectId: { type: 'string', const: things.projectId },
    jobId: { type: 'string', enum: [...things.jobIds] },
    parentJobId: { type: 'string', enum: [...things.jobIds] },
    assetId: { type: 'string', enum: [...things.assetIds] },
  };
  const properties: Readonly<Record<string, Json>> = {
    projectId: { type: 'string', const: things.projectId },
    // The canvas of the test server, and films of few frames.
    width: { type: 'integer', const: 64 },
    height: { type: 'integer', const: 36 },
    fps: { type: 'integer', const: 5 },
    duration: { type: 'number', minimum: 0.2, maximum: 1 },
  };
  // A description is JSON, and the copy may be changed.
  const copy = structuredClone(openapi) as Json;
  for (const part of objectsIn(copy)) {
    const rule = typeof part.in === 'string' && typeof part.name === 'string' ? parameters[part.name] : null;
    if (rule !== null && rule !== undefined) part.schema = rule;
  }
  for (const [name, schema] of schemasOf(copy)) {
    if (!documents.test(name)) continue;
    for (const part of objectsIn(schema)) narrowProperties(part, properties);
  }
  return copy;
}

function narrowProperties(schema: { [name: string]: Json }, rules: Readonly<Record<string, Json>>): void {
  const { properties } = schema;
  if (!isObject(properties)) return;
  for (const name of Object.keys(properties)) {
    const rule = rules[name];
    if (rule !== undefined) properties[name] = rule;
  }
}

function schemasOf(openapi: Json): readonly [string, Json][] {
  const components = isObject(openapi) ? openapi.components : null;
  const schemas = isObject(components) ? components.schemas : null;
  return isObject(schemas) ? Object.entries(schemas) : [];
}

/** The value and all objects in it. */
function objectsIn(value: Json): readonly { [name: string]: Json }[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
