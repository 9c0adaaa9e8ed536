import { signLink, verifyLink } from '../storage/signed-link.ts';
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
    const query = new URLSearchParams({
      expires: String(expiresAtSeconds),
      signature: signLink(settings.LINK_SIGNING_SECRET, key, expiresAtSeconds),
    });
    return {
      url: `${this.#baseUrl()}/objects/${key}?${query.toString()}`,
      expiresAt: new Date(expiresAtSeconds * 1000),
    };
  }

  check(
    key: string,
    query: { readonly expires: number; readonly signature: string },
  ): 'valid' | 'expired' | 'wrong' {
    const isSigned = verifyLink(
      this.#services.settings.LINK_SIGNING_SECRET,
      key,
      query.expires,
      query.signature,
    );
    if (!isSigned) return 'wrong';
    return query.expires > this.#nowSeconds() ? 'valid' : 'expired';
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
