// Bounds of every step (spec: pipeline), in one place, for the workflow and for the tests that prove them.
import type { ActivityOptions } from '@temporalio/workflow';

const retries = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** A cancelled job is cleaned up once its activities have come to rest: what is still at work would leave objects behind. */
const waits = { heartbeatTimeout: '30s', cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const;

/** Database and store work on the control queue. It goes on trying while a server is away for some minutes. */
export const controlOptions = {
  ...waits,
  startToCloseTimeout: '1 minute',
  retry: { ...retries, maximumAttempts: 15 },
} as const satisfies ActivityOptions;

/** Bounded in what it removes; what it does not come to, the next round does. */
export const houseOptions = {
  ...waits,
  startToCloseTimeout: '30 minutes',
  retry: { ...retries, maximumAttempts: 3 },
} as const satisfies ActivityOptions;

/** Ending a job must succeed in the end: whatever is down comes back. */
export const endingOptions = {
  heartbeatTimeout: '30s',
  startToCloseTimeout: '1 minute',
  retry: { ...retries, maximumAttempts: 1000 },
} as const satisfies ActivityOptions;

export const finalizeOptions = {
  ...waits,
  startToCloseTimeout: '10 minutes',
  retry: { ...retries, maximumAttempts: 10 },
} as const satisfies ActivityOptions;

/**
 * FFmpeg work. Waiting for a slot is not bounded: under load it is normal. It goes on trying as long as control work does:
 * with five attempts a store that restarted for 15 s failed jobs. What dies again and again is given up by the activity itself.
 */
const mediaOptions = {
  ...waits,
  retry: { ...retries, maximumAttempts: 15 },
} as const satisfies ActivityOptions;

export const sceneOptions = {
  ...mediaOptions,
  startToCloseTimeout: '30 minutes',
} as const satisfies ActivityOptions;
export const soundOptions = {
  ...mediaOptions,
  startToCloseTimeout: '30 minutes',
} as const satisfies ActivityOptions;
export const assembleOptions = {
  ...mediaOptions,
  startToCloseTimeout: '30 minutes',
} as const satisfies ActivityOptions;
export const probeOptions = {
  ...mediaOptions,
  startToCloseTimeout: '15 minutes',
} as const satisfies ActivityOptions;

/** Scenes whose sound one activity renders: a sound takes a tenth of a second, so an activity for each would cost as much. */
export const soundBatchMax = 25;

/** Pictures that one activity renders, of those that cost FFmpeg some 0.1–0.3 s: it holds a slot for a few seconds. */
export const pictureBatchMax = 10;

/**
 * One batch and the mix go before pictures that wait for a slot, since the mix ends the chain of a short film. The many
 * batches of a long film wait their turn like everything else, or they would hold up other people's pictures.
 */
export const soundPriority = { priorityKey: 2 } as const;
export const inheritedPriority = {} as const;

/** How often clips that were lost between rendering and assembling are rendered again. */
export const repairRoundsMax = 3;

/** How often a plan that was lost in the store is made again. */
export const replansMax = 2;
