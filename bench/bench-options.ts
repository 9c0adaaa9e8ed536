// The command line of `npm run bench`.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage } from '../contract/errors.ts';

export const caseNames = ['films', 'sixty', 'overhead', 'compile', 'tiny', 'cores', 'memory'] as const;
export type CaseName = (typeof caseNames)[number];

export type BenchOptions = {
  readonly films: readonly string[];
  readonly cases: readonly CaseName[];
  readonly rounds: number;
  /** The first scenes only, for trying things out; null: all. */
  readonly scenes: number | null;
  readonly tinyScenes: number;
  /** Runs the 60-scene graph itself instead of taking six times film A's. */
  readonly isLong: boolean;
  readonly withPeers: boolean;
  readonly json: string | null;
  readonly isSaved: boolean;
  /** A file of results, or "latest". */
  readonly compare: string | null;
  readonly table: string | null;
  readonly folder: string;
};

const usage = `npm run bench -- [options]
  --cases LIST      ${caseNames.join(',')} or all (default: films)
  --films LIST      of A,B,C (default: all three)
  --rounds N        default 3; the ratio told is the median
  --scenes N        only the first scenes of each film, to try things out
  --tiny-scenes N   of the case "tiny" (default 2000)
  --long            the case "sixty" runs the 60-scene graph instead of taking six times film A's
  --peers           melt and MoviePy too, where they are installed
  --json FILE       writes the results
  --save            writes them to bench/results/
  --compare [FILE]  against earlier results (default: the newest of each film and case
                    in bench/results/); exit code 1 where slower
  --table [FILE]    prints earlier results as Markdown, and runs nothing
RENDER_CONCURRENCY is given to the media worker.`;

const latest = 'latest';
const optionalValues: ReadonlySet<string> = new Set(['--compare', '--table']);

/** Throws with the usage where an option is not known or makes no sense. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const values = parse(args);
  return {
    films: listOf(values.films, ['A', 'B', 'C']),
    cases: values.cases === 'all' ? caseNames : listOf(values.cases, caseNames),
    rounds: countOf('rounds', values.rounds),
    scenes: values.scenes === undefined ? null : countOf('scenes', values.scenes),
    tinyScenes: countOf('tiny-scenes', values['tiny-scenes']),
    isLong: values.long,
    withPeers: values.peers,
    json: values.json ?? null,
    isSaved: values.save,
    compare: values.compare ?? null,
    table: values.table ?? null,
    folder: values.folder,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseKnown(args);
  } catch (error) {
    throw new Error(`${errorMessage(error)}\n${usage}`, { cause: error });
  }
}

function parseKnown(args: readonly string[]) {
  return parseArgs({
    args: args.flatMap((arg, index) => (isWithoutValue(args, index) ? [arg, latest] : [arg])),
    options: {
      cases: { type: 'string', default: 'films' },
      films: { type: 'string', default: 'A,B,C' },
      rounds: { type: 'string', default: '3' },
      scenes: { type: 'string' },
      'tiny-scenes': { type: 'string', default: '2000' },
      long: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      json: { type: 'string' },
      save: { type: 'boolean', default: false },
      compare: { type: 'string' },
      table: { type: 'string' },
      folder: { type: 'string', default: join('.scenemill', 'bench') },
    },
  }).values;
}

function isWithoutValue(args: readonly string[], index: number): boolean {
  const next = args[index + 1];
  return optionalValues.has(args[index] ?? '') && (next === undefined || next.startsWith('--'));
}

function listOf<Name extends string>(text: string, known: readonly Name[]): readonly Name[] {
  return text.split(',').map((word) => {
    const name = known.find((candidate) => candidate === word.trim());
    if (name === undefined) throw new Error(`"${word}" is not one of ${known.join(', ')}.\n${usage}`);
    return name;
  });
}

function countOf(name: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--${name} "${text}" is not a whole number above 0.\n${usage}`);
}
