/** One step into a document: a property or a position. */
export type PathStep = string | number;

const KEY_CHARACTERS_MAX = 80;

/** Where something stands in a document, as a person writes it: `movie.scenes[3].layers[0].text`. */
export function formatPath(steps: readonly PathStep[]): string {
  return steps.reduce<string>(appendStep, '');
}

function appendStep(path: string, step: PathStep): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(step) || step.length > KEY_CHARACTERS_MAX) return `${path}[${quote(step)}]`;
  return path === '' ? step : `${path}.${step}`;
}

// Keys are a caller's: long ones are cut so that a message stays readable.
function quote(key: string): string {
  return JSON.stringify(key.length > KEY_CHARACTERS_MAX ? `${key.slice(0, KEY_CHARACTERS_MAX)}…` : key);
}
