// The door of the room: all activities, made from the worker's services.
export { createControlActivities } from './control-activities.ts';
export { createMediaActivities } from './media-activities.ts';
export { MemoryGate } from './memory-gate.ts';
export { PlanFiles } from './plan-files.ts';
export type { ControlServices, MediaServices } from './services.ts';
