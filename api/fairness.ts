import type { Priority } from '@temporalio/common';

/** How much of a busy server the users of a plan get beside each other: twice the weight, twice the scenes. */
const weights: Readonly<Record<string, number>> = { free: 1, pro: 2, business: 4, enterprise: 8 };
/** Of plans that an operator made. */
const usualWeight = 2;
/** Temporal takes 64 bytes of key; our ids are ASCII. */
const KEY_CHARS_MAX = 64;

/** Users take turns at the media workers, whatever the number and size of their jobs; all activities of a job inherit it. */
export function fairnessOf(userId: string, plan: string | null): Priority {
  return {
    fairnessKey: userId.slice(0, KEY_CHARS_MAX),
    fairnessWeight: weights[plan ?? ''] ?? usualWeight,
  };
}
