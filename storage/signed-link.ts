import { createHmac, timingSafeEqual } from 'node:crypto';

/** The query of `/objects/<key>?expires=…&signature=…`. */
export type LinkSignature = { readonly expires: string; readonly signature: string };

const CONTEXT = 'scenemill object link 1';

/** Lets whoever has the link read one object until the time given. */
export function signLink(secret: string, key: string, expiresAtSeconds: number): LinkSignature {
  const expires = String(Math.floor(expiresAtSeconds));
  return { expires, signature: signatureOf(secret, key, expires).toString('base64url') };
}

/** Compares in constant time; any change of the key, the time or the signature makes it false. */
export function verifyLink(
  secret: string,
  link: LinkSignature & { readonly key: string },
  nowSeconds: number,
): boolean {
  if (!/^\d{1,12}$/.test(link.expires) || Number(link.expires) <= nowSeconds) return false;
  const expected = signatureOf(secret, link.key, link.expires);
  const given = Buffer.from(link.signature, 'base64url');
  // Decoding passes over letters that are not base64url, so the text is compared as well.
  const isCanonical = given.toString('base64url') === link.signature;
  return isCanonical && given.length === expected.length && timingSafeEqual(given, expected);
}

function signatureOf(secret: string, key: string, expires: string): Buffer {
  return createHmac('sha256', secret).update(`${CONTEXT}\n${expires}\n${key}`).digest();
}
