import type { z } from 'zod';
import type { DocumentIssue } from '../contract/issue.ts';
import { explainProperty } from './explain-property.ts';
import { formatPath, type PathStep } from './json-path.ts';
import { nearestName } from './nearest-name.ts';
import { placeholderFault } from './placeholders.ts';
import { schemaAt, valueAt } from './schema-at.ts';
import { unsupportedProperties, unsupportedValues } from './unsupported.ts';

type Fault = z.core.$ZodIssue;

/** The schema's finding in words for a person who wrote the document. */
export function explainFault(fault: Fault, document: unknown): readonly DocumentIssue[] {
  const steps = fault.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const keyframes = keyframesFault(steps, document);
  if (keyframes !== null) return [keyframes];
  if (fault.code === 'unrecognized_keys') {
    return fault.keys.map((key) => explainProperty(key, steps, document));
  }
  const inner = innerFaults(fault);
  if (inner !== null) return inner.flatMap((each) => explainFault(each, document));
  const value = valueAt(document, steps);
  const explained = placeholderFault(value) ?? explainValue(fault, steps, value);
  const hint = explained.hint ?? schemaAt(steps, document).description;
  return [{ ...explained, hint, path: formatPath(steps) }];
}

/** A value that has the type of one branch of a union and is wrong within: told by that branch, at the place itself. */
function innerFaults(fault: Fault): readonly Fault[] | null {
  if (fault.code !== 'invalid_union') return null;
  const branch = fault.errors.find(
    (faults) =>
      faults.length > 0 && faults.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return branch?.map((inner) => ({ ...inner, path: [...fault.path, ...inner.path] })) ?? null;
}

type Explanation = Omit<DocumentIssue, 'path'>;

function explainValue(fault: Fault, steps: readonly PathStep[], value: unknown): Explanation {
  const property = steps.findLast((step) => typeof step === 'string') ?? 'request';
  if (value === undefined)
    return { code: 'required', message: `\`${property}\` is missing.`, hint: options(fault) };
  const instead = unsupportedValue(property, value);
  if (instead === null) return describe(fault, value);
  const what = Array.isArray(value) ? `\`${property}\` as ${shown(value)}` : `${property} ${shown(value)}`;
  const message = `${what} is not in this version of the engine.`;
  return { code: 'not-in-this-version', message, hint: instead };
}

/** What to do instead where the full document knows the value, but this version does not. */
function unsupportedValue(property: string, value: unknown): string | null {
  if (property === 'text' && Array.isArray(value)) return unsupportedProperties['runs'] ?? null;
  const table = unsupportedValues[property];
  if (typeof value !== 'string' || table === undefined || !Object.hasOwn(table, value)) return null;
  return table[value] ?? null;
}

function describe(fault: Fault, value: unknown): Explanation {
  const got = shown(value);
  if (fault.code === 'invalid_union') return describeUnion(fault, value);
  if (fault.code === 'invalid_value') {
    return { code: 'not-an-option', message: `${got} is not one of the options.`, hint: guess(fault, value) };
  }
  if (fault.code === 'invalid_type') {
    return { code: 'wrong-type', message: `Expected ${nounOf(fault.expected)}, got ${got}.`, hint: null };
  }
  if (fault.code === 'invalid_format') {
    return { code: 'bad-format', message: `${got} cannot be read: ${formatOf(fault)}.`, hint: null };
  }
  if (isRangeFault(fault)) {
    return { code: 'out-of-range', message: `${rangeOf(fault)}; got ${got}.`, hint: null };
  }
  // No schema of ours makes other faults today; the schema's own words stand in.
  return { code: 'not-valid', message: fault.message, hint: null };
}

/** The branch that the caller most likely meant: the first that took the value's type. */
function describeUnion(fault: Fault & { code: 'invalid_union' }, value: unknown): Explanation {
  const firsts = fault.errors.flatMap((branch) => branch.slice(0, 1));
  const meant = firsts.find((first) => first.code !== 'invalid_type' && first.code !== 'invalid_value');
  if (meant !== undefined && meant.code !== 'invalid_union') return describe(meant, value);
  const allowed = options(fault);
  if (allowedWords(fault).length === 0) {
    const types = [...new Set(fault.errors.flatMap(expectedTypes))];
    return {
      code: 'wrong-type',
      message: `Expected ${types.join(' or ')}, got ${shown(value)}.`,
      hint: null,
    };
  }
  return {
    code: 'not-an-option',
    message: `${shown(value)} is not allowed here.`,
    hint: nearestOption(fault, value) ?? allowed,
  };
}

function guess(fault: Fault, value: unknown): string | null {
  return nearestOption(fault, value) ?? options(fault);
}

function nearestOption(fault: Fault, value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const nearest = nearestName(value, allowedWords(fault).map(String));
  return nearest === null ? null : `Did you mean "${nearest}"?`;
}

/** What may stand here, in words; null where there is no list. */
function options(fault: Fault): string | null {
  const words = allowedWords(fault).map((word) => JSON.stringify(word));
  const types = fault.code === 'invalid_union' ? fault.errors.flatMap(expectedTypes) : [];
  const all = [...new Set([...types, ...words])];
  return all.length === 0 ? null : `Give ${all.length > 1 ? 'one of ' : ''}${all.join(', ')}.`;
}

function allowedWords(fault: Fault): readonly (string | number)[] {
  if (fault.code === 'invalid_value') return fault.values.map(asWord);
  if (fault.code !== 'invalid_union') return [];
  const discriminated = 'options' in fault && Array.isArray(fault.options) ? fault.options.map(asWord) : [];
  return [...discriminated, ...fault.errors.flatMap((branch) => branch.flatMap(allowedWords))];
}

function asWord(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}

function expectedTypes(branch: readonly Fault[]): readonly string[] {
  return branch.flatMap((fault) =>
    fault.code === 'invalid_type' && fault.path.length === 0 ? [nounOf(fault.expected)] : [],
  );
}

type RangeFault = Fault & { code: 'too_small' | 'too_big' | 'not_multiple_of' };

function isRangeFault(fault: Fault): fault is RangeFault {
  return fault.code === 'too_small' || fault.code === 'too_big' || fault.code === 'not_multiple_of';
}

function rangeOf(fault: RangeFault): string {
  if (fault.code === 'not_multiple_of') return `It must be a multiple of ${fault.divisor}`;
  const unit = unitOf(fault.origin, fault.code === 'too_small' ? fault.minimum : fault.maximum);
  if (fault.code === 'too_small') {
    return `It must ${unit.verb} ${fault.inclusive === false ? 'more than' : 'at least'} ${fault.minimum}${unit.noun}`;
  }
  return `It must ${unit.verb} ${fault.inclusive === false ? 'less than' : 'at most'} ${fault.maximum}${unit.noun}`;
}

function unitOf(origin: string, count: number | bigint): { readonly verb: string; readonly noun: string } {
  const plural = Number(count) === 1 ? '' : 's';
  if (origin === 'string') return { verb: 'have', noun: ` character${plural}` };
  return origin === 'array' ? { verb: 'have', noun: ` item${plural}` } : { verb: 'be', noun: '' };
}

function formatOf(fault: Fault & { code: 'invalid_format' }): string {
  return fault.format === 'url' ? 'it must be an https URL' : fault.message;
}

function nounOf(type: string): string {
  return Object.hasOwn(nouns, type) ? (nouns[type] ?? type) : type;
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
};

/** A value as a message shows it: short, and without what is inside objects. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Other engines take moving values; here one value holds for the whole layer. */
function keyframesFault(steps: readonly PathStep[], document: unknown): DocumentIssue | null {
  for (let end = steps.length; end > 0; end -= 1) {
    const value = valueAt(document, steps.slice(0, end));
    if (typeof value !== 'object' || value === null || Object.keys(value).join() !== 'keyframes') continue;
    return {
      code: 'not-in-this-version',
      path: formatPath(steps.slice(0, end)),
      message: 'Keyframes are not in this version of the engine.',
      hint: 'Give one value. Opacity can rise and fall with `in` and `out`; images move with `motion`.',
    };
  }
  return null;
}
