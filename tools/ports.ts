// Ports on loopback: the usual one where it is free, else any free one.
import getPort from 'get-port';

const usualPorts = { api: 8787, temporal: 7233, temporalUi: 8233, postgres: 54_329 } as const;

type PortName = keyof typeof usualPorts;
export type Ports = Readonly<Record<PortName, number>>;

export const loopback = '127.0.0.1';

/** A port that is given is wanted; one that is not given is the usual one. Either may be taken, then another is chosen. 0: any. */
export async function choosePorts(wanted: Partial<Ports> = {}): Promise<Ports> {
  return {
    api: await freePort(wanted.api ?? usualPorts.api),
    temporal: await freePort(wanted.temporal ?? usualPorts.temporal),
    temporalUi: await freePort(wanted.temporalUi ?? usualPorts.temporalUi),
    postgres: await freePort(wanted.postgres ?? usualPorts.postgres),
  };
}

/** Two calls in one process never get the same port, even before the first is used. */
export function freePort(wanted = 0): Promise<number> {
  return getPort(wanted === 0 ? { host: loopback } : { host: loopback, port: wanted });
}
