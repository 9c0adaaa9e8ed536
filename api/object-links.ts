import { type LinkSignature, signLink, verifyLink } from '../storage/signed-link.ts';
import type { ApiServices } from './services.ts';

export type ObjectLink = { readonly url: string; readonly expiresAt: Date };

/** Makes and checks the links below `/objects`, the only way to bytes without an API key. */
export class ObjectLinks {
  readonly #services: Pick<ApiServices, 'settings' | 'clock'>;
  readonly #listeningPort: () => number | null;

  /** `listeningPort` is null until the server listens; it differs from API_PORT where that is 0. */
  constructor(services: Pick<ApiServices, 'settings' | 'clock'>, listeningPort: () => number | null) {
    this.#services = services;
    this.#listeningPort = listeningPort;
  }

  link(key: string): ObjectLink {
    const { settings } = this.#services;
    const expiresAtSeconds = this.#nowSeconds() + settings.LINK_SECONDS;
    const query = new URLSearchParams(signLink(settings.LINK_SIGNING_SECRET, key, expiresAtSeconds));
    return {
      url: `${this.#baseUrl()}/objects/${key}?${query.toString()}`,
      expiresAt: new Date(expiresAtSeconds * 1000),
    };
  }

  check(key: string, signature: LinkSignature): 'valid' | 'expired' | 'wrong' {
    const { LINK_SIGNING_SECRET: secret } = this.#services.settings;
    const link = { key, ...signature };
    if (verifyLink(secret, link, this.#nowSeconds())) return 'valid';
    // Whoever has a link that was once good may be told that it is old; anyone else learns nothing.
    return verifyLink(secret, link, 0) ? 'expired' : 'wrong';
  }

  #nowSeconds(): number {
    return Math.floor(this.#services.clock().getTime() / 1000);
  }

  #baseUrl(): string {
    const { PUBLIC_BASE_URL, API_HOST, API_PORT } = this.#services.settings;
    if (PUBLIC_BASE_URL !== '') return PUBLIC_BASE_URL.replace(/\/+$/, '');
    return `http://${linkHost(API_HOST)}:${this.#listeningPort() ?? API_PORT}`;
  }
}

/** An address one can connect to: a server that listens everywhere is reached on loopback. */
function linkHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
