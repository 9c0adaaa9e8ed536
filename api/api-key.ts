import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
/** Keys of one user that work. */
export const KEYS_PER_USER_MAX = 100;

export type ApiKey = { readonly keyId: string; readonly secret: string };

/** Reads a key in the form `sm_<id>.<secret>`; null where it has another form. */
export function parseApiKey(text: string): ApiKey | null {
  const match = /^sm_([A-Za-z0-9]{1,64})\.([A-Za-z0-9_-]{16,128})$/.exec(text);
  const [, keyId, secret] = match ?? [];
  return keyId === undefined || secret === undefined ? null : { keyId, secret };
}

export function writeApiKey({ keyId, secret }: ApiKey): string {
  return `sm_${keyId}.${secret}`;
}

/** Nothing that could be guessed. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is stored of a secret. SHA-256 is enough: secrets are random, so there is nothing to guess. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares without telling by its duration how much was right. */
export function isSameHash(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
