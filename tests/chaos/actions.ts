// What is done to a running product, drawn from a seed alone: what happens meanwhile changes nothing of the sequence.
import type { Fault } from '../faults/fault-proxy.ts';
import type { Random } from './random.ts';

export const processes = [
  ...(['worker-2', 'worker-3', 'worker-1', 'api'] as const),
  ...(['minio', 'postgres', 'temporal'] as const),
] as const;
export type ProcessName = (typeof processes)[number];

export type Action =
  /** SIGKILL; it stays away for so long. */
  | { readonly kind: 'kill'; readonly target: ProcessName; readonly awayMs: number }
  /** SIGTERM, as an operator restarts it. */
  | { readonly kind: 'restart'; readonly target: ProcessName; readonly awayMs: number }
  /** SIGSTOP, and SIGCONT after so long. */
  | { readonly kind: 'stall'; readonly target: ProcessName; readonly ms: number }
  /** SIGKILL to an FFmpeg that runs. */
  | { readonly kind: 'kill-ffmpeg' }
  /** FFmpeg begins late with the next scenes of so many frames, so that more of its runs are met at work. */
  | { readonly kind: 'slow-ffmpeg'; readonly seconds: number; readonly frames: number }
  /** Some of the next calls to the store. */
  | { readonly kind: 'store'; readonly fault: Fault; readonly times: number }
  | { readonly kind: 'receiver'; readonly how: ReceiverFault; readonly ms: number };

export type ReceiverFault = 'refuses' | 'is silent' | 'redirects';

export type Step = { readonly pauseMs: number; readonly action: Action };

/** Longer than the heartbeat of an activity may be away (30 s): its work is given to another meanwhile. */
const longStallMs = 34_000;

/** The action and the pause before it. */
export function drawStep(random: Random): Step {
  const pauseMs = random.between(300, 3_000);
  return { pauseMs, action: drawAction(random) };
}

function drawAction(random: Random): Action {
  const dice = random.between(1, 100);
  if (dice <= 40) return { kind: 'kill-ffmpeg' };
  if (dice <= 60) return { kind: 'kill', target: drawProcess(random), awayMs: random.between(200, 4_000) };
  if (dice <= 65) return { kind: 'restart', target: drawProcess(random), awayMs: random.between(0, 2_000) };
  if (dice <= 74) return drawStall(random);
  if (dice <= 82)
    return { kind: 'slow-ffmpeg', seconds: random.between(1, 3), frames: random.between(6, 40) };
  if (dice <= 96) return { kind: 'store', fault: drawStoreFault(random), times: random.between(1, 4) };
  const how = random.pick<ReceiverFault>(['refuses', 'is silent', 'redirects']);
  return { kind: 'receiver', how, ms: random.between(1_000, 6_000) };
}

/** Media workers most often: they do most of the work. */
function drawProcess(random: Random): ProcessName {
  return random.pick<ProcessName>([
    ...(['worker-2', 'worker-3', 'worker-2', 'worker-3'] as const),
    ...(['worker-1', 'api', 'minio', 'postgres', 'temporal'] as const),
  ]);
}

function drawStall(random: Random): Action {
  const target = drawProcess(random);
  const isLong = (target === 'worker-2' || target === 'worker-3') && random.chance(0.15);
  return { kind: 'stall', target, ms: isLong ? longStallMs : random.between(500, 8_000) };
}

function drawStoreFault(random: Random): Fault {
  const kind = random.pick<Fault['kind']>(['refuse', 'hang', 'cut', 'cut', 'short', 'flip', 'flip', 'slow']);
  return kind === 'slow' ? { kind, ms: random.between(200, 3_000) } : { kind };
}
