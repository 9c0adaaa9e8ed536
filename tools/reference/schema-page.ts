// A zod schema as a page of tables, so that the reference is never older than the schema.
import { z } from 'zod';

type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
};

export type PageSection = { readonly title: string; readonly schema: z.ZodType };

/** Markdown: a heading and a table of properties for each schema. */
export function schemaPage(title: string, introduction: string, sections: readonly PageSection[]): string {
  const parts = sections.map(({ title: heading, schema }) => {
    // What JSON Schema writes is plain JSON of this shape.
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
    return `## ${heading}\n\n${propertyTable(json)}`;
  });
  return `# ${title}\n\n${introduction}\n\n${parts.join('\n\n')}\n`;
}

function propertyTable(schema: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const isRequired = schema.required?.includes(name) === true && property.default === undefined;
    const standard = isRequired ? '**required**' : printDefault(property.default);
    return `| \`${name}\` | ${cell(describeType(property))} | ${cell(standard)} | ${cell(property.description ?? '')} |`;
  });
  return ['| property | type | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function printDefault(value: unknown): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``;
}

/** In a reader's words: "number 0–1", "one of …", "list of …, at most 16". */
function describeType(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(describeType).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' · ');
  if (schema.type === 'array') return describeList(schema);
  if (schema.type === 'object') return describeObject(schema);
  return `${String(schema.type ?? 'anything')}${describeRange(schema)}`;
}

function describeList(schema: JsonSchema): string {
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(describeType).join(', ')}]`;
  const items = typeof schema.items === 'object' ? describeType(schema.items) : 'anything';
  const most = schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`;
  return `list of ${items}${most}`;
}

/** Small objects in place; those with a type of their own by it: their table is on this page. */
function describeObject(schema: JsonSchema): string {
  const entries = Object.entries(schema.properties ?? {});
  const kind = schema.properties?.type?.const;
  const holdsLayers = entries.some(([, { items }]) => typeof items === 'object' && items.oneOf !== undefined);
  if (entries.length > inlineMax || holdsLayers)
    return typeof kind === 'string' ? `${kind} layer` : 'object, see its table';
  return `{${entries.map(([name, property]) => `${name}: ${describeType(property)}`).join(', ')}}`;
}

const inlineMax = 6;

function describeRange(schema: JsonSchema): string {
  const least = schema.exclusiveMinimum === undefined ? schema.minimum : schema.exclusiveMinimum;
  const above = schema.exclusiveMinimum === undefined ? '' : 'above ';
  const isBounded =
    least !== undefined && schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER;
  const range = isBounded ? ` ${above}${least}–${schema.maximum}` : '';
  const length = schema.maxLength === undefined ? '' : `, at most ${schema.maxLength} characters`;
  return `${range}${length}`;
}

/** A bar inside a cell would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
