/** Names that several processes must agree on. No imports: workflow code may use the values. */
export const taskQueues = { control: 'render-control', media: 'render-media' } as const;

export const workflowNames = {
  renderMovie: 'renderMovie',
  ingestAsset: 'ingestAsset',
  keepHouse: 'keepHouse',
} as const;

export const houseScheduleId = 'scenemill-housekeeping';

export const renderWorkflowId = (jobId: string): string => `render-${jobId}`;
export const ingestWorkflowId = (assetId: string): string => `ingest-${assetId}`;

/** The job of the scene at a plan index; counted from 1, as people do: "scene_job_01H…_0001". */
export const sceneJobId = (jobId: string, index: number): string =>
  `scene_${jobId}_${String(index + 1).padStart(4, '0')}`;

export const jobTypes = ['render.movie', 'render.scene', 'render.assemble', 'render.finalize'] as const;
export type JobType = (typeof jobTypes)[number];

export const jobStatuses = ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof jobStatuses)[number];
export const isFinal = (status: JobStatus): boolean =>
  status === 'done' || status === 'failed' || status === 'cancelled';

export const phases = ['planning', 'dispatching', 'rendering', 'assembling', 'uploading'] as const;
export type Phase = (typeof phases)[number];

/** The phase in words that a person reads (spec: progress). */
export const stages = [
  'loading_project',
  'downloading_sources',
  'downloading_overlays',
  'building_graph',
  'encoding',
  'uploading',
  'verifying',
  'complete',
  'blocked',
] as const;
export type Stage = (typeof stages)[number];

/** Scenes at once by preset; the picture never depends on it. */
export const qualityPresets = { stable: 2, balanced: 3, fast: 4, turbo: 6 } as const;
