import { parseArgs } from 'node:util';

export type LoadOptions = {
  readonly users: number;
  readonly jobsOfEach: number;
  readonly scenesOfEach: number;
  readonly longFilmScenes: number;
};

/** The load that is asked for, and a smaller one to try things out: `npm run test:load -- --jobs 2 --long 100`. */
export function readLoadOptions(args: readonly string[]): LoadOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: { type: 'string', default: '5' },
      jobs: { type: 'string', default: '10' },
      scenes: { type: 'string', default: '10' },
      long: { type: 'string', default: '5000' },
    },
  });
  return {
    users: countOf('users', values.users),
    jobsOfEach: countOf('jobs', values.jobs),
    scenesOfEach: countOf('scenes', values.scenes),
    longFilmScenes: countOf('long', values.long),
  };
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--${name} "${text}" is not a whole number above 0.`);
}
