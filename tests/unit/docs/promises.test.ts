// What the pages tell people to type, and the examples that they show, hold against the code.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../../../cli/main.ts';
import { Terminal } from '../../../cli/terminal.ts';
import { Layer } from '../../../contract/layers.ts';
import { Settings } from '../../../contract/settings.ts';
import { RenderSubmission } from '../../../contract/submission.ts';

const root = join(import.meta.dirname, '../../..');
const read = (page: string): string => readFileSync(join(root, page), 'utf8');
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));
const pages = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'examples/README.md', 'docs/operations.md'];
const guides = ['docs/guides/server.md', 'docs/guides/accounts.md', 'docs/guides/command-line.md'];

const terminal = new Terminal(process.stdout, process.stderr, { isJson: false, environment: {} });
const program = createProgram(terminal);

describe('the pages', () => {
  it.each([...pages, ...guides, 'docs/performance.md'])(
    '%s names only scripts that package.json has',
    (page) => {
      const named = [...read(page).matchAll(/npm (?:run )?(test|(?<=run )[\w:]+)/g)].map(
        ([, name = '']) => name,
      );
      for (const name of named) expect(Object.keys(scripts)).toContain(name);
    },
  );

  it.each([...pages, ...guides])('%s names only commands that there are', (page) => {
    const commands = program.commands.map((command) => command.name());
    for (const [, name = ''] of read(page).matchAll(/(?:`|\$ |npx )scenemill ([a-z]+)/gm))
      expect(commands).toContain(name);
  });

  it('README shows a document that is valid', () => {
    const blocks = [...read('README.md').matchAll(/^```json\n([^]*?)^```/gm)].map(([, text = '']) => text);
    expect(blocks.length).toBeGreaterThan(0);
    for (const text of blocks) {
      const movie: unknown = JSON.parse(text);
      expect(RenderSubmission.safeParse({ kind: 'movie', projectId: 'p', movie }).error).toBeUndefined();
    }
  });

  it('CONTRIBUTING leads to files that are there', () => {
    const named = [...read('CONTRIBUTING.md').matchAll(/`([a-z-]+\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThanOrEqual(5);
    for (const path of named) expect(existsSync(join(root, path)), path).toBe(true);
  });

  it('the reference has a section for every layer', () => {
    const sections = [...read('docs/reference/movie.md').matchAll(/^## (\w+) layer$/gm)].map(
      ([, name = '']) => name.toLowerCase(),
    );
    const types = Layer.options.map((layer) => layer.shape.type.value);
    expect([...sections].sort()).toEqual([...types].sort());
  });

  it('the guide of a server names only settings that there are', () => {
    const table = read('docs/guides/server.md').matchAll(/^\| `([A-Z0-9_]+)` \|/gm);
    const own = ['POSTGRES_PASSWORD', 'MEDIA_WORKER_MEMORY'];
    for (const [, name = ''] of table) expect([...Object.keys(Settings.shape), ...own]).toContain(name);
  });

  it('the guide of the command line has every command and every option', () => {
    const guide = read('docs/guides/command-line.md');
    const all = program.commands.flatMap((command) => [command, ...command.commands]);
    for (const command of all) {
      const parents = command.parent === program ? '' : `${command.parent?.name() ?? ''} `;
      expect(guide).toContain(`scenemill ${parents}${command.name()}`);
    }
    for (const option of [program, ...all].flatMap((command) => command.options)) {
      // `--no-wait` is known by its own name.
      expect(guide).toContain(option.long ?? '');
    }
  });
});
