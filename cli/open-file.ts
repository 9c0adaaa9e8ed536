import { spawn } from 'node:child_process';

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** Opens a file with the program the desktop has for it; where there is none, nothing happens. */
export function openFile(file: string): void {
  const [program, ...rest] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...rest, file], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
