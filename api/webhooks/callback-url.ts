import type { DocumentIssue } from '../../contract/issue.ts';
import { type AllowedNetworks, judgeAddress, literalAddress } from './address.ts';

/**
 * What can be said of a callbackUrl without asking anybody: a caller hears of it when submitting. What a name resolves to is
 * judged whenever something is sent, since it may change.
 */
export function callbackIssues(
  callbackUrl: string | undefined,
  allowed: AllowedNetworks,
): readonly DocumentIssue[] {
  if (callbackUrl === undefined) return [];
  const fault = faultOf(new URL(callbackUrl), allowed);
  return fault === null ? [] : [{ code: 'callback-refused', path: 'callbackUrl', ...fault }];
}

type Fault = Pick<DocumentIssue, 'message' | 'hint'>;

function faultOf(url: URL, allowed: AllowedNetworks): Fault | null {
  if (url.username !== '' || url.password !== '')
    return { message: 'The URL holds a password.', hint: signed };
  const address = literalAddress(url);
  const verdict = address === null ? null : judgeAddress(address, allowed);
  if (verdict === 'refused' || isLocalName(url.hostname, allowed))
    return { message: 'The host is not a public address.', hint: askOperator };
  // Signed but not encrypted: good enough within a network that the operator vouches for.
  const mayBePlain = verdict === null ? !allowed.isEmpty : verdict === 'allowed';
  if (url.protocol !== 'https:' && !mayBePlain)
    return { message: 'The URL is not https.', hint: askOperator };
  return null;
}

function isLocalName(hostname: string, allowed: AllowedNetworks): boolean {
  const isLocal = /^(.+\.)?localhost\.?$/.test(hostname);
  return isLocal && !allowed.has('127.0.0.1') && !allowed.has('::1');
}

const signed = 'Check the signature of what is received instead.';
const askOperator = 'The operator can allow addresses that are not public by WEBHOOK_ALLOWED_ADDRESSES.';
