const PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const KEY_LENGTH_MAX = 512;

/** Is it a key that `object-keys.ts` could have made? Nothing else reaches a path or a server. */
export function isObjectKey(key: string): boolean {
  return key.length <= KEY_LENGTH_MAX && key.split('/').every((part) => PART.test(part));
}

export function checkKey(key: string): void {
  if (!isObjectKey(key)) throw new Error(`"${key}" is not an object key.`);
}

/** A prefix is the part of a key up to and with a "/". */
export function checkPrefix(prefix: string): void {
  if (!prefix.endsWith('/')) throw new Error(`The prefix "${prefix}" does not end in "/".`);
  checkKey(prefix.slice(0, -1));
}
