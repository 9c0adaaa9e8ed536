// Does what was drawn.
import { setTimeout as sleep } from 'node:timers/promises';
import { encodes } from '../faults/films.ts';
import { mediaWorkers, type World } from '../faults/world.ts';
import { type Answer, accept, type Receiver } from '../support/webhook-receiver.ts';
import type { Action, ReceiverFault } from './actions.ts';
import type { Journal } from './journal.ts';
import type { Keeper } from './keeper.ts';
import { descendants } from './process-tree.ts';

export type Stage = {
  readonly world: World;
  readonly keeper: Keeper;
  readonly receiver: Receiver;
  readonly journal: Journal;
};

/** By name; `sleep` is one that was told to begin late. */
const victims: ReadonlySet<string> = new Set(['ffmpeg', 'ffprobe', 'sleep']);
/** Two actions at once do not meet the same one. */
const killed = new Set<number>();

/** How long an FFmpeg is looked for that can be killed. */
const lookMsMax = 4_000;
const lookPauseMs = 10;

/** Resolves when the action is over; several may be under way at once. */
export async function strike(stage: Stage, action: Action): Promise<void> {
  const { world, journal } = stage;
  switch (action.kind) {
    case 'kill':
    case 'restart':
      end(stage, action);
      return;
    case 'stall':
      return stall(stage, action);
    case 'kill-ffmpeg':
      return killFfmpeg(stage);
    case 'slow-ffmpeg':
      journal.action('slow', 'ffmpeg', `by ${action.seconds} s for a scene of ${action.frames} frames`);
      return world.encoder.order({
        match: encodes(action.frames),
        misdeed: `slow ${action.seconds}`,
        times: 1,
      });
    case 'store':
      world.proxy.inject({ fault: action.fault, times: action.times });
      journal.action(action.fault.kind, 'store', `the next ${action.times} calls`);
      return;
    case 'receiver':
      return disturbReceiver(stage, action);
  }
}

type Of<Kind> = Extract<Action, { readonly kind: Kind }>;

function end({ keeper, journal }: Stage, { kind, target, awayMs }: Of<'kill' | 'restart'>): void {
  if (keeper.end(target, kind === 'kill' ? 'SIGKILL' : 'SIGTERM', awayMs))
    journal.action(kind, target, `away for ${awayMs} ms and its start`);
  else journal.note(`${kind} ${target}: away just now`);
}

async function stall({ keeper, journal }: Stage, { target, ms }: Of<'stall'>): Promise<void> {
  const going = keeper.stall(target, ms);
  if (going === null) {
    journal.note(`stall ${target}: away just now`);
    return;
  }
  journal.action('stall', target, `for ${ms} ms`);
  await going;
}

async function killFfmpeg({ world, journal }: Stage): Promise<void> {
  const deadline = performance.now() + lookMsMax;
  while (performance.now() < deadline) {
    const workers = world.stack.children.filter(({ name }) => mediaWorkers.some((media) => media === name));
    const found = await descendants(workers.map(({ pid }) => pid));
    const victim = found.find(({ pid, name }) => victims.has(name) && !killed.has(pid));
    if (victim !== undefined && endProcess(victim.pid)) {
      killed.add(victim.pid);
      const name = victim.name === 'sleep' ? 'ffmpeg' : victim.name;
      journal.action('kill', name, `process ${victim.pid}`);
      return;
    }
    await sleep(lookPauseMs);
  }
  journal.note('kill ffmpeg: none is running');
}

/** False where it ended by itself meanwhile. */
function endProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

const receiverAnswers: Readonly<Record<ReceiverFault, Answer>> = {
  refuses: (response) => void response.writeHead(500).end(),
  'is silent': () => undefined,
  redirects: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
};

async function disturbReceiver({ receiver, journal }: Stage, { how, ms }: Of<'receiver'>): Promise<void> {
  journal.action(how, 'receiver', `for ${ms} ms`);
  receiver.answer(receiverAnswers[how]);
  await sleep(ms);
  receiver.answer(accept);
}
