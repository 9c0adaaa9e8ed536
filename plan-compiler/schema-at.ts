// What the schema says of a place in a document, so that messages need no list of properties of their own.
import { z } from 'zod';
import { RenderSubmission } from '../contract/submission.ts';
import type { PathStep } from './json-path.ts';

export type SchemaPlace = {
  /** The object that belongs there; null where it is no object, or cannot be told which of several. */
  readonly object: z.ZodObject | null;
  /** What the reference says of it, or of the small object that it is in. */
  readonly description: string | null;
};

/** Follows a path through the schema; where a layer may be of several types, its own `type` decides. */
export function schemaAt(steps: readonly PathStep[], document: unknown): SchemaPlace {
  let place = openSchema(RenderSubmission, document);
  let value = document;
  for (const step of steps) {
    const inner = schemaWithin(place.schema, step);
    if (inner === undefined) return { object: null, description: place.description };
    value = valueAt(value, [step]);
    const { description } = place;
    place = openSchema(inner, value);
    // A list is one thing, each of its items another.
    if (typeof step === 'string') place = { ...place, description: place.description ?? description };
  }
  const { schema, description } = place;
  return { object: schema instanceof z.ZodObject ? schema : null, description };
}

/** What stands at a path of any JSON; undefined where nothing does. */
export function valueAt(document: unknown, steps: readonly PathStep[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<PathStep, unknown>>)[step] // Checked: an object that has this property.
        : undefined,
    document,
  );
}

type Schema = z.core.$ZodType;
type OpenSchema = { readonly schema: Schema; readonly description: string | null };

/** Without defaults and options around it, and decided for one of several where the value tells which. */
function openSchema(closed: Schema, value: unknown): OpenSchema {
  let schema = closed;
  let description = descriptionOf(schema);
  while (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    schema = schema.unwrap();
    description ??= descriptionOf(schema);
  }
  if (!(schema instanceof z.ZodUnion)) return { schema, description };
  const meant = schema.options.filter((option) => isMeant(option, value));
  const [only] = meant;
  if (only === undefined || meant.length > 1) return { schema, description };
  const open = openSchema(only, value);
  return { schema: open.schema, description: description ?? open.description };
}

function descriptionOf(schema: Schema): string | null {
  return schema instanceof z.ZodType ? (schema.description ?? null) : null;
}

function isMeant(option: Schema, value: unknown): boolean {
  if (!(option instanceof z.ZodObject) || typeof value !== 'object' || value === null) return false;
  const type = propertyOf(option, 'type');
  return !(type instanceof z.ZodLiteral) || type.value === valueAt(value, ['type']);
}

function schemaWithin(schema: Schema, step: PathStep): Schema | undefined {
  if (schema instanceof z.ZodArray && typeof step === 'number') return schema.element;
  return schema instanceof z.ZodObject ? propertyOf(schema, step) : undefined;
}

function propertyOf({ shape }: z.ZodObject, name: PathStep): Schema | undefined {
  const properties: Readonly<Record<string, Schema>> = shape;
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
