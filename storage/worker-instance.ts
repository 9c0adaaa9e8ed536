// Whose a folder or file is that workers of one disk share, and whether that worker is gone.
import { createHash } from 'node:crypto';
import { readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isProcessAlive } from './process-alive.ts';

export type WorkerInstance = {
  /** Where process ids mean the same: a machine, or one life of a container. */
  readonly place: string;
  readonly pid: number;
  /** Random. */
  readonly token: string;
};

/** A worker elsewhere cannot be looked up; it marks what is its own again and again, so what is older is nobody's. */
const markMsMax = 300_000;

const PART = /^[A-Za-z0-9]{1,32}$/;

/** This process. Containers that share a disk share neither host name nor process ids; the same one started anew has other ids. */
export async function thisWorker(token: string): Promise<WorkerInstance> {
  const ids = await readlink('/proc/self/ns/pid').catch(() => '');
  const place = createHash('sha256').update(`${hostname()} ${ids}`).digest('hex').slice(0, 8);
  return { place, pid: process.pid, token };
}

/** As part of a file's name. */
export function printInstance({ place, pid, token }: WorkerInstance): string {
  if (!PART.test(place) || !PART.test(token)) throw new Error(`"${place}-${token}" cannot name a worker.`);
  return `${place}-${pid}-${token}`;
}

/** Null where it is no worker's name. */
export function parseInstance(text: string): WorkerInstance | null {
  const [, place, pid, token] = /^([A-Za-z0-9]+)-(\d+)-([A-Za-z0-9]+)$/.exec(text) ?? [];
  if (place === undefined || pid === undefined || token === undefined) return null;
  return { place, pid: Number(pid), token };
}

/** Our own process id with another token is a predecessor's. */
export function isGone(worker: WorkerInstance, own: WorkerInstance, markedAtMs: number): boolean {
  if (worker.place !== own.place) return Date.now() - markedAtMs > markMsMax;
  if (worker.pid === own.pid) return worker.token !== own.token;
  return !isProcessAlive(worker.pid);
}
