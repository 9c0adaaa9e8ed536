// Connections to hosts that callers name.
import { once } from 'node:events';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AllowedNetworks, judgeAddress, literalAddress } from './address.ts';

/** All addresses of a name. */
export type ResolveHost = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

export type ConnectOptions = {
  readonly allowed: AllowedNetworks;
  readonly resolve: ResolveHost;
  readonly signal: AbortSignal;
  /** Trusted instead of the system's own, in PEM. */
  readonly certificates?: string;
};

/** The host is not one to which webhooks go. Says nothing of its addresses, which may be those of a private network. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Connects to the host of a URL, where all of its addresses may be connected to. Those that were judged are the ones that are
 * tried, and the one that was reached is judged again before a byte is sent: a name that changes its mind gains nothing.
 */
export async function connectChecked(url: URL, options: ConnectOptions): Promise<Socket> {
  const literal = literalAddress(url);
  const addresses = literal === null ? await options.resolve(url.hostname, options.signal) : [literal];
  if (addresses.length === 0) throw new AddressRefused('The host has no address.');
  for (const address of addresses) requireAllowed(url, address, options.allowed);
  const socket = await connectTo(addresses, portOf(url), options.signal);
  try {
    requireAllowed(url, socket.remoteAddress ?? '', options.allowed);
    return url.protocol === 'https:' ? await secure(socket, url, options) : socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function requireAllowed(url: URL, address: string, allowed: AllowedNetworks): void {
  const verdict = judgeAddress(address, allowed);
  if (verdict === 'refused') throw new AddressRefused('The host has an address that is not public.');
  if (url.protocol !== 'https:' && verdict !== 'allowed')
    throw new AddressRefused('Without https only addresses that the operator allows are reached.');
}

async function connectTo(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_host, _options, answer) => answer(null, found);
  // The name is never looked up: it only makes Node ask for the list, so that it tries one address after the other.
  const socket = connectPlain({ host: 'judged.invalid', port, lookup, autoSelectFamily: true });
  // Whoever holds the socket hears of its end elsewhere; an error after that must not end the process.
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function secure(socket: Socket, url: URL, { certificates, signal }: ConnectOptions): Promise<Socket> {
  const host = literalAddress(url) ?? url.hostname;
  const tls = connectTls({
    socket,
    host,
    // The name is part of the handshake, an address must not be.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(certificates === undefined ? {} : { ca: certificates }),
    ALPNProtocols: ['http/1.1'],
    // Said here, so that no environment variable can take it away.
    rejectUnauthorized: true,
  });
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect', { signal });
  return tls;
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
