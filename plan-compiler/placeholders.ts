import type { DocumentIssue } from '../contract/issue.ts';

/** `{{name}}`, `{{user.name|default}}`: what templates have for values to be filled in. */
const placeholder = /\{\{\s*[\p{L}_][\w.-]*\s*(?:\|[^{}]*)?\}\}/u;

/** A text that waits for a value. Drawn as it stands, it would greet every viewer with "{{name}}". */
export function placeholderFault(value: unknown): Omit<DocumentIssue, 'path'> | null {
  const found = typeof value === 'string' ? placeholder.exec(value)?.[0] : undefined;
  if (found === undefined) return null;
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found;
  return {
    code: 'not-in-this-version',
    message: `Variables are not in this version of the engine: ${shown} would stay as it is.`,
    hint: 'Fill the values in before you submit; a word joiner (U+2060) between the braces shows them.',
  };
}
