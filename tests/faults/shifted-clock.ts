// A clock that is wrong: what the media workers read as the time, and nothing else of the machine.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type ShiftedClock = {
  /** For every process of a world; those that are no media workers keep the right time. */
  readonly environment: Readonly<Record<string, string>>;
  /** In the running processes, within a tenth of a second. */
  shift(ms: number): Promise<void>;
};

const lookMs = 100;

export async function makeShiftedClock(folder: string): Promise<ShiftedClock> {
  await mkdir(folder, { recursive: true });
  const [preload, file] = [join(folder, 'shift-clock.mjs'), join(folder, 'shift')];
  await writeFile(file, '0');
  await writeFile(preload, script(file));
  return {
    environment: { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` },
    shift: async (ms) => {
      await writeFile(`${file}.new`, String(ms));
      await rename(`${file}.new`, file);
    },
  };
}

function script(file: string): string {
  return `import { readFileSync } from 'node:fs';
const Right = Date;
let shift = 0;
const look = () => { shift = Number(readFileSync(${JSON.stringify(file)}, 'utf8')); };
const now = () => Right.now() + shift;
if (process.env.WORKER_ROLES === 'media') {
  look();
  setInterval(look, ${lookMs}).unref();
  globalThis.Date = new Proxy(Right, {
    apply: () => new Right(now()).toString(),
    construct: (_, given, target) => Reflect.construct(Right, given.length === 0 ? [now()] : given, target),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
`;
}
