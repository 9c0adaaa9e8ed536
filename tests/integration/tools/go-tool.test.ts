import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildGoTool, pinnedVersion } from '../../../tools/go-tool.ts';

let folder: string;
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-go-test-'));
  vi.stubEnv('SCENEMILL_CACHE', join(folder, 'cache'));
  lines = [];
  await mkdir(join(folder, 'tool'));
  await writeFile(join(folder, 'tool', 'go.mod'), 'module example.invalid/tool\n\ngo 1.21\n');
  await writeFile(join(folder, 'tool', 'main.go'), 'package main\n\nfunc main() { print("built") }\n');
  const pins = 'require example.invalid/tool v1.2.3\n\nreplace example.invalid/tool => ./tool\n';
  await writeFile(join(folder, 'go.mod'), `module example.invalid/tools\n\ngo 1.21\n\n${pins}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const manifest = `module example.invalid/tools

tool example.invalid/a/cmd/a

require (
	example.invalid/a v1.5.1 // indirect
	example.invalid/a/cmd v0.2.0
	example.invalid/ab v9.0.0
)
require example.invalid/single v0.0.0-2026
`;

describe('the version of a tool', () => {
  it('is that of the closest module that holds its package', () => {
    expect(pinnedVersion(manifest, 'example.invalid/a/cmd/a')).toBe('v0.2.0');
    expect(pinnedVersion(manifest, 'example.invalid/a/other')).toBe('v1.5.1');
    expect(pinnedVersion(manifest, 'example.invalid/single')).toBe('v0.0.0-2026');
    expect(() => pinnedVersion(manifest, 'example.invalid/none')).toThrow('does not say which version');
  });
});

describe('building a tool', () => {
  const build = (signal?: AbortSignal) =>
    buildGoTool({
      moduleDir: folder,
      package: 'example.invalid/tool',
      name: 'tool',
      onLog: (line) => lines.push(line),
      ...(signal && { signal }),
    });

  it('happens once, says so, and leaves one program under a name with its version', async () => {
    const path = await build();
    expect(path).toBe(join(folder, 'cache', 'bin', 'tool-v1.2.3'));
    expect(await readdir(join(folder, 'cache', 'bin'))).toEqual(['tool-v1.2.3']);
    expect((await promisify(execFile)(path)).stderr).toBe('built');
    expect(lines.join('\n')).toMatch(/^Building tool .*\nBuilt tool in \d+ s\.$/);
    expect(await build()).toBe(path);
    expect(lines).toHaveLength(2);
  });

  it('that fails says why and leaves nothing', async () => {
    await writeFile(join(folder, 'tool', 'main.go'), 'package main\n\nfunc main() { nonsense }\n');
    await expect(build()).rejects.toThrow(/Building tool failed:[^]*nonsense/);
    expect(await readdir(join(folder, 'cache', 'bin'))).toEqual([]);
  });

  it('stops when it is no longer wanted', async () => {
    await expect(build(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
