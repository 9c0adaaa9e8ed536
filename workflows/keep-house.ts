// Started by a schedule: removes what nobody needs any more, and tells what it was.
import { proxyActivities } from '@temporalio/workflow';
import { taskQueues } from '../contract/names.ts';
import type { ControlActivities, HouseReport } from './activity-types.ts';
import { houseOptions } from './schedule.ts';

const { keepHouse: removeUnneeded } = proxyActivities<{ keepHouse: ControlActivities['keepHouse'] }>({
  ...houseOptions,
  taskQueue: taskQueues.control,
});

/** A dry run removes nothing; its report says what a real one would have removed. */
export function keepHouse(input: { readonly isDryRun: boolean }): Promise<HouseReport> {
  return removeUnneeded(input);
}
