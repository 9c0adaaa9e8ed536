// Makes the showreel's media with FFmpeg's own sources. What is there already is kept: `tsx make-media.ts [folder]`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chooseFfmpeg } from '../../tools/ffmpeg-choice.ts';
import { type MediaRecipe, pictureRecipes } from './picture-recipes.ts';
import { soundRecipes } from './sound-recipes.ts';

const makeTimeoutMs = 120_000;

export const recipes: readonly MediaRecipe[] = [...pictureRecipes, ...soundRecipes];

/** Makes each file whose recipe is new, and tells which. */
async function makeMedia(
  folder: string,
  ffmpegPath: string,
  onFile: (file: string, index: number) => void,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const made: string[] = [];
  for (const [index, recipe] of recipes.entries()) {
    if (await isMade(folder, recipe)) continue;
    onFile(recipe.file, index);
    await makeFile(folder, ffmpegPath, recipe);
    made.push(recipe.file);
  }
  return made;
}

/** A file counts as made when the note beside it names the recipe that made it. */
async function isMade(folder: string, recipe: MediaRecipe): Promise<boolean> {
  const [note, bytes] = await Promise.all([
    readFile(join(folder, `${recipe.file}.recipe`), 'utf8').catch(() => ''),
    readFile(join(folder, recipe.file)).then(
      (content) => content.length,
      () => 0,
    ),
  ]);
  return bytes > 0 && note === recipeHash(recipe);
}

async function makeFile(folder: string, ffmpegPath: string, recipe: MediaRecipe): Promise<void> {
  const partial = join(folder, `partial-${recipe.file}`);
  const quiet = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'];
  const exact = ['-fflags', '+bitexact', '-flags', '+bitexact', '-map_metadata', '-1'];
  await runFfmpeg(ffmpegPath, [...quiet, ...recipe.arguments, ...exact, partial]);
  await rename(partial, join(folder, recipe.file));
  await writeFile(join(folder, `${recipe.file}.recipe`), recipeHash(recipe));
}

function recipeHash(recipe: MediaRecipe): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex');
}

async function runFfmpeg(program: string, commandLine: readonly string[]): Promise<void> {
  const child = spawn(program, commandLine, { stdio: ['ignore', 'ignore', 'pipe'], timeout: makeTimeoutMs });
  let stderrTail = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderrTail = (stderrTail + chunk.toString('utf8')).slice(-2000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`FFmpeg ended with ${String(code)} and said:\n${stderrTail}`));
    });
  });
}

async function main(): Promise<void> {
  const folder = process.argv[2] ?? join(import.meta.dirname, 'media');
  const { ffmpeg } = await chooseFfmpeg({ onLog: (line) => void process.stdout.write(`${line}\n`) });
  const made = await makeMedia(folder, ffmpeg.path, (file, index) => {
    process.stdout.write(`making ${file} (${index + 1} of ${recipes.length})\n`);
  });
  if (made.length === 0) process.stdout.write('all media is there\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
