import type { IssueLog } from './issue-log.ts';
import { formatPath, type PathStep } from './json-path.ts';
import { placeholderFault } from './placeholders.ts';

/** No document of ours comes near; deeper nesting would exhaust the stack of whatever reads it. */
export const DEPTH_MAX = 64;

/**
 * A copy of hostile JSON that is safe to read: no deeper than it may be, without `x-` properties (callers keep their own
 * notes in them; the engine ignores them), and without names, characters and placeholders that are traps. What is refused is
 * reported.
 */
export function admitJson(value: unknown, log: IssueLog, steps: readonly PathStep[] = []): unknown {
  if (typeof value === 'string') return admitText(value, log, steps);
  if (typeof value !== 'object' || value === null) return value;
  if (steps.length >= DEPTH_MAX) {
    log.report({
      code: 'too-deep',
      path: formatPath(steps),
      message: `The document is nested deeper than ${DEPTH_MAX} levels.`,
      hint: null,
    });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => admitJson(item, log, [...steps, index]));
  return admitObject(value, log, steps);
}

function admitObject(value: object, log: IssueLog, steps: readonly PathStep[]): unknown {
  const entries = Object.entries(value).filter(([name]) => !name.startsWith('x-'));
  const admitted = entries.flatMap(([name, item]): [string, unknown][] => {
    const at = [...steps, name];
    if (name !== '__proto__') return [[name, admitJson(item, log, at)]];
    log.report({
      code: 'unknown-property',
      path: formatPath(at),
      message: '"__proto__" is not a property of a document.',
      hint: null,
    });
    return [];
  });
  return Object.fromEntries(admitted);
}

function admitText(text: string, log: IssueLog, steps: readonly PathStep[]): string {
  const waiting = placeholderFault(text);
  if (waiting !== null) log.report({ ...waiting, path: formatPath(steps) });
  if (/\p{Surrogate}/u.test(text)) {
    log.report({
      code: 'broken-text',
      path: formatPath(steps),
      message: 'The text holds half of a surrogate pair.',
      hint: 'Cut texts between letters, not between UTF-16 units.',
    });
  }
  return text;
}
