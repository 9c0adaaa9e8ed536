// One round: a product is started and kept busy, struck again and again, healed, and held against its promises.
import { setTimeout as sleep } from 'node:timers/promises';
import { encodes } from '../faults/films.ts';
import { openWorld, type World } from '../faults/world.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { drawStep } from './actions.ts';
import { documentSource, poisonFrames } from './documents.ts';
import { startJobMix } from './job-mix.ts';
import { type Journal, startJournal } from './journal.ts';
import { type JobRow, judge } from './judge.ts';
import { startKeeper } from './keeper.ts';
import { seededRandom } from './random.ts';
import { type Stage, strike } from './strike.ts';
import { uploadTone } from './tone.ts';
import { makeUsers } from './users.ts';

export type Round = { readonly seed: number; readonly minutes: number };

export type RoundResult = {
  readonly round: Round;
  readonly rows: readonly JobRow[];
  readonly refused: Readonly<Record<string, number>>;
  readonly journal: Pick<Journal, 'counts' | 'violations'>;
  /** Attempts at scenes beyond their first. */
  readonly retries: number;
  readonly deliveries: number;
  readonly seconds: { readonly struck: number; readonly whole: number };
  /** Where the logs are, if they were kept. */
  readonly home: string | null;
};

/** Violations are in the result; what it throws is a fault of the test itself. */
export async function playRound(round: Round, say: (line: string) => void): Promise<RoundResult> {
  const receiver = await startReceiver();
  const world = await openWorld({
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1/32',
    WEBHOOK_RETRY_SECONDS: '0.2',
    HOUSEKEEPING_MINUTES: '1',
  });
  say(`everything is below ${world.home}`);
  const journal = startJournal(say);
  let isKept = true;
  try {
    const result = await play({ world, receiver, journal, round });
    isKept = journal.violations.length > 0;
    return { ...result, home: isKept ? world.home : null };
  } finally {
    if (isKept) process.env.FAULTS_KEEP = '1';
    await world.end();
    await receiver.close();
  }
}

type Game = {
  readonly world: World;
  readonly receiver: Receiver;
  readonly journal: Journal;
  readonly round: Round;
};

async function play({ world, receiver, journal, round }: Game): Promise<Omit<RoundResult, 'home'>> {
  const begunMs = performance.now();
  const users = await makeUsers(world);
  const toneUrl = await uploadTone(world);
  await world.encoder.order({ match: encodes(poisonFrames), misdeed: 'exit 1' });
  // Two sequences, so that how many jobs there are does not change what is struck.
  const [strikes, callers] = [seededRandom(round.seed), seededRandom(~round.seed)];
  const keeper = startKeeper(world, journal);
  const mix = startJobMix({
    world,
    users,
    journal,
    random: callers,
    nextDocument: documentSource(callers, toneUrl),
    callbackUrl: `http://127.0.0.1:${receiver.port}/hook`,
  });
  await strikeFor(round.minutes * 60_000, { world, keeper, receiver, journal }, () => drawStep(strikes));
  const struck = seconds(begunMs);
  world.proxy.clear();
  await keeper.close();
  journal.note('everything is up again');
  await mix.close();
  journal.note(`${mix.accepted.size} jobs were accepted; waiting for their ends`);
  const rows = await judge({ world, journal, receiver, accepted: mix.accepted });
  const [retried] = await world.sql<{ count: number }>(
    'SELECT coalesce(sum(attempt - 1), 0)::integer AS count FROM jobs WHERE attempt > 1',
  );
  return {
    round,
    rows,
    journal,
    refused: mix.refused,
    retries: retried?.count ?? 0,
    deliveries: receiver.received.length,
    seconds: { struck, whole: seconds(begunMs) },
  };
}

async function strikeFor(ms: number, stage: Stage, next: () => ReturnType<typeof drawStep>): Promise<void> {
  const deadline = performance.now() + ms;
  const underWay = new Set<Promise<void>>();
  for (let step = next(); performance.now() + step.pauseMs < deadline; step = next()) {
    await sleep(step.pauseMs);
    const action = strike(stage, step.action).finally(() => underWay.delete(action));
    underWay.add(action);
  }
  await Promise.all(underWay);
}

function seconds(sinceMs: number): number {
  return Math.round((performance.now() - sinceMs) / 1000);
}
