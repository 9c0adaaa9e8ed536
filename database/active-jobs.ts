import { question } from './question.ts';
import type { Pool } from './session.ts';

const countByState = question('jobs/count-by-state');

/** How many jobs there are in a state, and how many of them Temporal does not know yet. */
export type JobsInState = { readonly status: string; readonly jobs: number; readonly unsent: number };

/** Of all users, for those who watch the server; ended jobs are left out. */
export function countActiveJobs(pool: Pool): Promise<readonly JobsInState[]> {
  return pool.all(countByState, {});
}
