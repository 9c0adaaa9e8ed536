import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RenderError } from '../contract/errors.ts';
import { type FontFamily, fontFamilies } from '../contract/font-families.ts';
import type { FontReference, Hash } from '../plan-compiler/render-plan.ts';

/** A font that ships with the engine, and where its file is on this machine. */
export type FontFace = FontReference & { readonly path: string };

const packages: Readonly<Record<FontFamily, string>> = {
  'Noto Sans': '@expo-google-fonts/noto-sans',
  'Noto Naskh Arabic': '@expo-google-fonts/noto-naskh-arabic',
  'Noto Sans Hebrew': '@expo-google-fonts/noto-sans-hebrew',
  'Noto Sans JP': '@expo-google-fonts/noto-sans-jp',
  'Noto Color Emoji': '@expo-google-fonts/noto-color-emoji',
};

/** Folders are named for what they hold: `400Regular`, `700Bold_Italic`. */
const faceFolder = /^(?<weight>[1-9]00)[A-Za-z]+?(?<italic>_Italic)?$/;

let loaded: Promise<readonly FontFace[]> | null = null;

/** The fonts that ship, by family, then weight, upright before italic. Files are hashed once in a process's life. */
export async function loadFontCatalogue(): Promise<readonly FontFace[]> {
  loaded ??= readCatalogue();
  try {
    return await loaded;
  } catch (cause) {
    loaded = null;
    throw new RenderError('INTERNAL', 'The fonts that ship with scenemill could not be read.', {
      cause,
      hint: 'Install the dependencies again (npm ci).',
    });
  }
}

async function readCatalogue(): Promise<readonly FontFace[]> {
  const faces: FontFace[] = [];
  for (const family of fontFamilies) {
    const found = await facesOf(family, packageFolder(packages[family]));
    if (found.length === 0) {
      throw new Error(`${packages[family]} holds no font files.`);
    }
    faces.push(...found);
  }
  return faces;
}

async function facesOf(family: string, folder: string): Promise<readonly FontFace[]> {
  const faces: FontFace[] = [];
  // Sorted by name is sorted by weight, with italics behind their upright.
  const entries = (await readdir(folder)).toSorted();
  for (const entry of entries) {
    const groups = faceFolder.exec(entry)?.groups;
    const file = groups === undefined ? undefined : (await readdir(join(folder, entry))).find(isFontFile);
    if (groups !== undefined && file !== undefined) {
      const path = join(folder, entry, file);
      const style = groups.italic === undefined ? 'normal' : 'italic';
      faces.push({ family, weight: Number(groups.weight), style, sha256: await hashFile(path), path });
    }
  }
  return faces;
}

function packageFolder(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function isFontFile(name: string): boolean {
  return name.endsWith('.ttf');
}

async function hashFile(path: string): Promise<Hash> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
