import { fileURLToPath } from 'node:url';

/** Histories of jobs as they were recorded, which today's workflow must still be able to go on with. */
export const historiesFolder = fileURLToPath(new URL('../histories/', import.meta.url));
