import { describe, expect, it } from 'vitest';
import { signLink, verifyLink } from '../../../storage/signed-link.ts';

const secret = 'a secret of some length';
const key = 'outputs/job_1/output.mp4';

describe('a signed link', () => {
  const link = { key, ...signLink(secret, key, 1_000) };

  it('opens its object until it expires', () => {
    expect(verifyLink(secret, link, 999)).toBe(true);
    expect(verifyLink(secret, link, 1_000)).toBe(false);
  });

  it.each([
    ['another key', { ...link, key: 'outputs/job_2/output.mp4' }],
    ['a later time', { ...link, expires: '2000' }],
    ['a time that is no number', { ...link, expires: '1e9' }],
    ['an empty signature', { ...link, signature: '' }],
    ['a shorter signature', { ...link, signature: link.signature.slice(0, -4) }],
    ['a signature with a letter that decoding passes over', { ...link, signature: `${link.signature}!` }],
    ['the signature of another secret', { ...link, ...signLink('another', key, 1_000) }],
  ])('does not open with %s', (_, changed) => {
    expect(verifyLink(secret, changed, 0)).toBe(false);
  });
});
