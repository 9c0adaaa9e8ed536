// Starts again what was killed, as an operator's supervisor does, and notes what ended without being asked to.
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../../contract/errors.ts';
import type { World } from '../faults/world.ts';
import { type ProcessName, processes } from './actions.ts';
import type { Journal } from './journal.ts';
import { descendants } from './process-tree.ts';

export type Keeper = {
  /** False where it is away just now. */
  end(name: ProcessName, signal: 'SIGKILL' | 'SIGTERM', awayMs: number): boolean;
  /** Resolves when it goes on; null where it is away just now. */
  stall(name: ProcessName, ms: number): Promise<void> | null;
  /** Resolves when everything is up; nothing is started again afterwards. */
  close(): Promise<void>;
};

type Place = {
  readonly name: ProcessName;
  readonly part: Pick<World['storeServer'], 'pid' | 'kill' | 'exited' | 'restart'>;
  /** Set by whoever ends it. */
  awayMs: number | null;
  isUp: boolean;
};

const restartsMax = 10;
/** Where it ended by itself. */
const fallenMs = 500;
/** What is told to stop and does not is a finding. */
const obeyMsMax = 45_000;
const closeMsMax = 180_000;
const pollMs = 100;

export function startKeeper(world: World, journal: Journal): Keeper {
  const places = processes.map(
    (name): Place => ({ name, part: partOf(world, name), awayMs: null, isUp: true }),
  );
  const state = { isClosing: false, error: null as Error | null };
  for (const place of places)
    void watch(place, journal, state).catch((error: unknown) => {
      state.error ??= error instanceof Error ? error : new Error(errorMessage(error));
    });
  const upPlace = (name: ProcessName): Place | undefined =>
    places.find((place) => place.name === name && place.isUp && place.awayMs === null);
  return {
    end: (name, signal, awayMs) => {
      const place = upPlace(name);
      if (place === undefined) return false;
      place.awayMs = awayMs;
      // Postgres waits for its clients at SIGTERM; SIGINT is its orderly end.
      place.part.kill(signal === 'SIGTERM' && name === 'postgres' ? 'SIGINT' : signal);
      if (signal === 'SIGTERM') insist(place, journal);
      return true;
    },
    stall: (name, ms) => {
      const place = upPlace(name);
      return place === undefined ? null : stallFor(place, ms);
    },
    close: async () => {
      const deadline = performance.now() + closeMsMax;
      while (!places.every(({ isUp }) => isUp)) {
        if (state.error !== null) throw state.error;
        if (performance.now() > deadline) throw new Error('Not every process could be started again.');
        await sleep(pollMs);
      }
      state.isClosing = true;
    },
  };
}

async function watch(place: Place, journal: Journal, state: { readonly isClosing: boolean }): Promise<void> {
  for (;;) {
    const exit = await place.part.exited();
    if (state.isClosing) return;
    place.isUp = false;
    if (place.awayMs === null)
      journal.fell(place.name, `code ${exit.code ?? '-'}, ${exit.signal ?? 'no signal'}`);
    await sleep(place.awayMs ?? fallenMs);
    await restart(place, journal);
    place.awayMs = null;
    place.isUp = true;
  }
}

async function stallFor({ name, part }: Place, ms: number): Promise<void> {
  // Postgres works in its children; an FFmpeg goes on while its worker stands.
  const family = name === 'postgres' ? await descendants([part.pid()]) : [];
  const pids = [part.pid(), ...family.map(({ pid }) => pid)];
  for (const pid of pids) signalTo(pid, 'SIGSTOP');
  await sleep(ms);
  for (const pid of pids) signalTo(pid, 'SIGCONT');
}

/** A worker cannot start while its servers are away, so it is tried more than once. */
async function restart({ name, part }: Place, journal: Journal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await part.restart();
      journal.restarted(name);
      return;
    } catch (error) {
      journal.note(`${name} did not start (${attempt}): ${errorMessage(error).slice(0, 200)}`);
      if (attempt === restartsMax) throw error;
    }
  }
}

function insist({ name, part }: Place, journal: Journal): void {
  const pid = part.pid();
  const timer = setTimeout(() => {
    journal.violation(`${name} did not end ${obeyMsMax / 1000} s after it was told to`);
    signalTo(pid, 'SIGKILL');
  }, obeyMsMax);
  void part.exited().then(() => clearTimeout(timer));
}

function partOf({ stack, storeServer }: World, name: ProcessName): Place['part'] {
  if (name === 'minio') return storeServer;
  return {
    pid: () => stack.children.find((child) => child.name === name)?.pid ?? 0,
    kill: (signal) => stack.kill(name, signal),
    exited: () => stack.exited(name),
    restart: () => stack.restart(name),
  };
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 1) process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}
