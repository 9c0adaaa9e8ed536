// An FFmpeg that misbehaves on order and is the real one otherwise.
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Misdeed =
  /** Says nothing for ever and does not obey TERM. */
  | 'hang'
  /** Waits before it begins. */
  | `slow ${number}`
  | `exit ${number}`
  | `signal ${'KILL' | 'SEGV' | 'ABRT'}`;

type Order = {
  /** Part of the arguments, such as "-frames:v 17 ". */
  readonly match: string;
  readonly misdeed: Misdeed;
  /** How many runs; all until `clear` where not given. */
  readonly times?: number;
};

export type FaultEncoder = {
  readonly path: string;
  order(order: Order): Promise<void>;
  clear(): Promise<void>;
  /** How many runs took an order. */
  taken(): Promise<number>;
  /** From now on it says that it is of another version; null: the real one again. Read by workers when they start. */
  pretend(version: string | null): Promise<void>;
  /** The encodings since the first question, in the order of their start. */
  runs(): Promise<readonly EncoderRun[]>;
};

type EncoderRun = {
  readonly arguments: string;
  readonly memoryBytesMax: number;
  /** Encodings of the same worker that were under way when it began. */
  readonly beside: number;
};

export async function makeFaultEncoder(folder: string, realPath: string): Promise<FaultEncoder> {
  const orders = join(folder, 'orders');
  await mkdir(orders, { recursive: true });
  // A copy, so that whoever looks for processes left behind knows it by its path.
  const sleeper = join(folder, 'sleep');
  await copyFile('/bin/sleep', sleeper);
  const path = join(folder, 'ffmpeg');
  const journal = join(folder, 'journal');
  const version = join(folder, 'version');
  await writeFile(path, script({ orders, sleeper, realPath, journal, version }));
  await chmod(path, 0o755);
  let given = 0;
  return {
    path,
    order: async ({ match, misdeed, times }) => {
      for (let index = 0; index < (times ?? 1); index += 1) {
        given += 1;
        const name = `${String(given).padStart(4, '0')}.${times === undefined ? 'always' : 'once'}`;
        await writeFile(join(orders, name), `${match}\n${misdeed}\n`);
      }
    },
    clear: async () => {
      for (const name of await readdir(orders)) await rm(join(orders, name), { force: true });
    },
    taken: async () => (await readdir(orders)).filter((name) => name.includes('taken')).length,
    pretend: (name) => (name === null ? rm(version, { force: true }) : writeFile(version, `-${name}`)),
    runs: async () => {
      const lines = (await readFile(journal, { encoding: 'utf8', flag: 'a+' })).split('\n');
      return lines.filter((line) => line !== '').map(readRun);
    },
  };
}

function readRun(line: string): EncoderRun {
  const [kilobytes = '', beside = '', ...words] = line.split(' ');
  return { arguments: words.join(' '), memoryBytesMax: Number(kilobytes) * 1024, beside: Number(beside) };
}

function script(paths: {
  readonly orders: string;
  readonly sleeper: string;
  readonly realPath: string;
  readonly journal: string;
  readonly version: string;
}): string {
  const { orders, sleeper, realPath, journal, version } = paths;
  return `#!/bin/sh
if [ -e ${version} ] && [ "$1" = -version ]; then
  ${realPath} "$@" | sed "s/^ffmpeg version [^ ]*/&$(cat ${version})/"
  exit
fi
if [ -e ${journal} ]; then
  case "$* " in *"-frames:v "*)
    others=-1
    for pid in $(cat /proc/$PPID/task/*/children); do
      tr '\\0' ' ' < /proc/$pid/cmdline | grep -q -e '-frames:v ' && others=$((others + 1))
    done
    echo "$(ulimit -v) $others $(echo "$*" | tr '\\n' ' ')" >> ${journal} ;;
  esac
fi
for order in ${orders}/*.once ${orders}/*.always; do
  [ -e "$order" ] || continue
  { read -r match; read -r misdeed amount; } < "$order"
  case "$* " in *"$match "*) ;; *) continue ;; esac
  case $order in
    *.once) mv "$order" "$order.taken.$$" 2>/dev/null || continue ;;
    *) : > "$order.taken.$$" ;;
  esac
  case $misdeed in
    hang) trap '' TERM; setpriv --pdeathsig KILL -- ${sleeper} 3600; exit 1 ;;
    slow) setpriv --pdeathsig KILL -- ${sleeper} "$amount" || exit 255 ;;
    exit) echo "[error] the encoder broke on order" >&2; exit "$amount" ;;
    signal) kill -s "$amount" $$ ;;
  esac
  break
done
exec ${realPath} "$@"
`;
}
