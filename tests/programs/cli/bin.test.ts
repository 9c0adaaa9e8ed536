import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

test('the command runs the sources of a checkout, and a build only where there are none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-bin-'));
  const answer = async (): Promise<string> =>
    (await run(process.execPath, [join(folder, 'cli/bin.js')])).stdout;
  const main = (word: string): string =>
    `export const main = async () => { console.log('${word}'); return 0; };\n`;
  await cp(join(root, 'cli/bin.js'), join(folder, 'cli/bin.js'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'dist/cli'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'dist/cli/main.js'), main('built some time ago'));
  await writeFile(join(folder, 'cli/main.ts'), main('source'));
  expect(await answer()).toBe('source\n');
  await rm(join(folder, 'cli/main.ts'));
  expect(await answer()).toBe('built some time ago\n');
  await rm(folder, { recursive: true });
});
