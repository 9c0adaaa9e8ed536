// What a round of housekeeping works with, and what bounds it.
import type { HousekeepingRepository } from '../database/housekeeping-port.ts';
import type { ObjectStore } from '../storage/object-store.ts';

export type HouseBounds = {
  readonly cacheBytesMax: number;
  readonly cacheSecondsMax: number;
  readonly historySecondsMax: number;
  readonly historyRowsMax: number;
  /** How long the rows of ended jobs stay once there is no output; null: until their user removes them. */
  readonly jobSecondsMax: number | null;
};

export type HouseServices = {
  readonly store: ObjectStore;
  readonly housekeeping: HousekeepingRepository;
  readonly houseBounds: HouseBounds;
};

export type House = {
  readonly services: HouseServices;
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  readonly nowMs: number;
};

/** Rows or objects handled together. */
export const batchSize = 500;
/** One round is bounded; what is left is the next one's. */
export const batchesMax = 40;
