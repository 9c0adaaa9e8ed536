// Looks into an uploaded file, on a media worker, where FFmpeg is locked down.
import { proxyActivities } from '@temporalio/workflow';
import { taskQueues } from '../contract/names.ts';
import type { MediaActivities } from './activity-types.ts';
import { probeOptions } from './schedule.ts';

const { probeAsset } = proxyActivities<MediaActivities>({ ...probeOptions, taskQueue: taskQueues.media });

/** Ends when the asset is ready or refused; its row says which. */
export async function ingestAsset(input: { readonly assetId: string }): Promise<void> {
  await probeAsset(input);
}
