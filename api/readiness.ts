import type { SandboxState } from '../contract/worker-identity.ts';
import { withinDeadline } from '../storage/deadline.ts';
import type { ApiServices } from './services.ts';

/** `away`: the names of the parts that are out of reach. */
export type Readiness = { readonly away: readonly string[]; readonly sandbox: SandboxState };

/** A part that does not answer within this counts as away. */
const CHECK_MS_MAX = 2_000;
/** So long an answer holds: whoever asks needs no key, and must not make the parts be asked as often as they like. */
export const READINESS_KEPT_MS = 1_000;

type Services = Pick<ApiServices, 'database' | 'temporal' | 'store' | 'log'>;

/** Whether the server can do its work. However many ask at once, the parts are asked once. */
export class ReadinessCheck {
  readonly #services: Services;
  #latest: Promise<Readiness> | null = null;
  /** Null while the parts are being asked. */
  #endedMs: number | null = null;
  /** Of parts that have not answered yet, also past the bound: a part that hangs is not asked again meanwhile. */
  readonly #asked = new Map<string, Promise<void>>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** Never rejects. */
  ask(): Promise<Readiness> {
    if (this.#latest !== null && this.#isFresh()) return this.#latest;
    this.#endedMs = null;
    this.#latest = this.#look().finally(() => {
      this.#endedMs = performance.now();
    });
    return this.#latest;
  }

  #isFresh(): boolean {
    return this.#endedMs === null || performance.now() - this.#endedMs < READINESS_KEPT_MS;
  }

  async #look(): Promise<Readiness> {
    const [away, sandbox] = await Promise.all([this.#partsAway(), this.#sandbox()]);
    return { away, sandbox };
  }

  async #partsAway(): Promise<readonly string[]> {
    const { database, temporal, store, log } = this.#services;
    const checks = Object.entries({ database, temporal, store }).map(async ([name, part]) => {
      try {
        await withinDeadline(this.#askPart(name, part), CHECK_MS_MAX, undefined);
        return null;
      } catch (error) {
        log.warn({ err: error, part: name }, 'a part is out of reach');
        return name;
      }
    });
    return (await Promise.all(checks)).filter((name) => name !== null);
  }

  #askPart(name: string, part: { check(): Promise<void> }): Promise<void> {
    const asked = this.#asked.get(name);
    if (asked !== undefined) return asked;
    const asking = part.check().finally(() => this.#asked.delete(name));
    this.#asked.set(name, asking);
    return asking;
  }

  /** No reason to call the server away: it may have no media worker at this moment. */
  #sandbox(): Promise<SandboxState> {
    const asked = this.#services.temporal.sandbox();
    return withinDeadline(asked, CHECK_MS_MAX, undefined).catch(() => 'unknown');
  }
}
