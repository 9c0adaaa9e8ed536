import { BlockList, isIP } from 'node:net';

/** `allowed`: not public, but the operator lets webhooks go there. */
export type AddressVerdict = 'public' | 'allowed' | 'refused';

/** Networks that the operator lets webhooks go to, beside all that is public. */
export type AllowedNetworks = { readonly isEmpty: boolean; readonly has: (address: string) => boolean };

/** Reads a list such as "192.168.1.0/24, fd00::/8, 127.0.0.1"; throws an Error that names what is not a network. */
export function readAllowedNetworks(setting: string): AllowedNetworks {
  const entries = setting.split(',').map((entry) => entry.trim());
  const list = new BlockList();
  for (const entry of entries.filter((text) => text !== '')) addNetwork(list, entry);
  return { isEmpty: list.rules.length === 0, has: (address) => isIn(list, address) };
}

/**
 * Judges one address, never a name. What is not known to be public is refused: networks of one's own, loopback, link-local
 * ones with the metadata of clouds, multicast, whatever is reserved, and IPv6 that hides an IPv4 address by 6to4, NAT64 or
 * Teredo. One that is mapped (::ffff:a.b.c.d) is judged as the IPv4 address to which the system would connect.
 */
export function judgeAddress(address: string, allowed: AllowedNetworks): AddressVerdict {
  const plain = plainAddress(address);
  if (plain === null) return 'refused';
  if (allowed.has(plain)) return 'allowed';
  return isPublic(plain) ? 'public' : 'refused';
}

/** The address that the host of a URL spells, in any of its ways; null where it is a name. */
export function literalAddress(url: URL): string | null {
  // The parser has turned decimal, octal and hexadecimal spellings into the common one.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? null : host;
}

/** In its common spelling; null for what is no address, or one with a zone. */
function plainAddress(address: string): string | null {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return null;
  if (family === 4) return address;
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  return [high, low]
    .map((part) => Number.parseInt(part, 16))
    .flatMap((part) => [part >> 8, part & 0xff])
    .join('.');
}

function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !isIn(specialNetworks, address);
  return isIn(globalUnicast, address) && !isIn(specialNetworks, address);
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

function addNetwork(list: BlockList, entry: string): void {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  const bitsMax = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? bitsMax : Number(/^\d{1,3}$/.exec(prefix)?.[0]);
  const isNetwork = family !== 0 && !address.includes('%') && rest.length === 0 && bits <= bitsMax;
  if (!isNetwork) throw new Error(`"${entry}" is not an address or a network such as 192.168.1.0/24.`);
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
}

function networks(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) addNetwork(list, entry);
  return list;
}

/** All of IPv6 that is given out for use on the internet; everything else is refused without being named. */
const globalUnicast = networks(['2000::/3']);

/** The special-purpose registries of IANA, as of 2025. */
const specialNetworks = networks([
  // This network, private ones, between carriers and customers (some clouds keep their metadata there), loopback, link-local.
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  // Protocols, documentation, the old way to 6to4, private, benchmarks, documentation.
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24'],
  // Multicast, reserved, broadcast.
  ...['224.0.0.0/4', '240.0.0.0/4'],
  // Not special by any registry: the host's own agent on virtual machines of one cloud.
  '168.63.129.16/32',
  // Protocols with Teredo, documentation, 6to4, documentation.
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]);
