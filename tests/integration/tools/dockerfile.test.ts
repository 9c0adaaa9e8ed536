// The Dockerfile read as its own grammar says, and held against package.json and docker-compose.yml.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { examineNode } from '../../../tools/doctor-machine.ts';
import { readCompose } from './compose-file.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (name: string): string => readFileSync(root + name, 'utf8');

type Instruction = { readonly word: string; readonly rest: string };

/** Comments go, a backslash joins lines, the first word is the instruction. */
const instructions: readonly Instruction[] = read('Dockerfile')
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, word = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return { word, rest };
  });
const known = ['FROM', 'WORKDIR', 'ENV', 'COPY', 'RUN', 'USER', 'EXPOSE', 'CMD'];
const all = (word: string): readonly string[] =>
  instructions.filter((each) => each.word === word).map(({ rest }) => rest);
const lastStage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'));
const inImage = (word: string): string =>
  lastStage
    .filter((each) => each.word === word)
    .map(({ rest }) => rest)
    .join('\n');

const { version, scripts } = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));
const secrets = ['POSTGRES_PASSWORD', 'S3_SECRET_KEY', 'LINK_SIGNING_SECRET'];
const { services } = readCompose(Object.fromEntries(secrets.map((name) => [name, 'x'.repeat(16)])));

describe('the Dockerfile', () => {
  it('has instructions that there are', () => {
    for (const { word } of instructions) expect(known).toContain(word);
  });

  it('pins a Node that is new enough, the same in both stages', () => {
    const versions = all('FROM').map((from) => /^node:(\d+\.\d+\.\d+)-/.exec(from)?.[1] ?? '');
    expect(versions).toHaveLength(2);
    expect(new Set(versions).size).toBe(1);
    expect(examineNode(versions[0] ?? '').state).toBe('ok');
  });

  it('runs scripts that there are, and copies what is there', () => {
    for (const [, name = ''] of all('RUN')
      .join('\n')
      .matchAll(/npm run ([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(name);
    const copied = all('COPY').filter((rest) => !rest.startsWith('--from'));
    for (const file of copied.flatMap((rest) => rest.split(' ').slice(0, -1)))
      expect(existsSync(root + file), file).toBe(true);
  });

  it('makes the image of the compose file, with its command, port and programs', () => {
    const { image, command = [], environment } = services.api ?? {};
    expect(image).toBe(`scenemill:${version}`);
    expect(inImage('CMD')).toBe(JSON.stringify(command).replaceAll(',', ', '));
    expect(inImage('EXPOSE')).toBe(environment?.API_PORT);
    expect(inImage('ENV')).toMatch(/FFMPEG_PATH=\/usr\/bin\/ffmpeg/);
    expect(inImage('RUN')).toMatch(/apt-get install -y --no-install-recommends ffmpeg bubblewrap/);
  });

  it('runs as an account without rights, which has the folder that a media worker writes to', () => {
    expect(inImage('USER')).toBe('node');
    const scratch = services['media-worker']?.environment.RENDER_SCRATCH_DIR ?? '';
    expect(inImage('RUN')).toContain(`install -d -o node -g node -m 0700 ${scratch}`);
    expect(services['media-worker']?.volumes).toContain(scratch);
  });

  it('takes no secret and nothing of this machine into the image', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const name of ['.git', '.env', '.scenemill', 'node_modules', 'dist'])
      expect(ignored).toContain(name);
    for (const room of ['api', 'cli', 'contract', 'database', 'deploy', 'tools', 'workers', 'workflows'])
      expect(ignored).not.toContain(room);
  });
});
