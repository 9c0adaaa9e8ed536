// What the machine itself must offer; each check is given its figures, so that each can be tested.
import { stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { type Finding, missing, ok, warning } from './doctor-finding.ts';

const gigabyte = 1_000_000_000;
const nodeMin = [20, 19] as const;
/** A minute of 1080p takes about 0.3 GB of clips and sound; several films are under way at once. */
const scratchBytesMin = 2 * gigabyte;
const scratchBytesGood = 10 * gigabyte;
/** Postgres, Temporal, API and worker take 1 GB; one 1080p encoder 0.5 GB. */
const memoryBytesGood = 3 * gigabyte;

const fontPackages = [
  'noto-sans',
  'noto-naskh-arabic',
  'noto-sans-hebrew',
  'noto-sans-jp',
  'noto-color-emoji',
] as const;

export function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isFit = major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1]);
  if (isFit) return ok('node', version);
  return missing('node', `${version}, needed is ${nodeMin.join('.')} or newer`, 'npx --yes n 22');
}

export async function examineScratch(folder: string): Promise<Finding> {
  const facts = await statfs(await nearestFolder(folder)).catch(() => null);
  if (facts === null) return missing('scratch', `${folder} cannot be read`, `mkdir -p ${folder}`);
  return judgeSpace(folder, facts.bavail * facts.bsize);
}

/** A folder that is made at the first start lies on the disk of the closest one that is there. */
async function nearestFolder(folder: string): Promise<string> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    const isThere = await stat(place).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isThere || place === dirname(place)) return place;
  }
}

export function judgeSpace(folder: string, freeBytes: number): Finding {
  const detail = `${gigabytes(freeBytes)} free in ${folder}`;
  if (freeBytes < scratchBytesMin)
    return missing('scratch', detail, 'export RENDER_SCRATCH_DIR=/a/larger/disk');
  if (freeBytes < scratchBytesGood)
    return warning('scratch', detail, 'export RENDER_SCRATCH_DIR=/a/larger/disk');
  return ok('scratch', detail);
}

export function examineFonts(isThere: (name: string) => boolean = isInstalled): Finding {
  const absent = fontPackages.map((name) => `@expo-google-fonts/${name}`).filter((name) => !isThere(name));
  if (absent.length === 0) return ok('fonts', `${fontPackages.length} families`);
  return missing('fonts', `not installed: ${absent.join(', ')}`, 'npm ci');
}

export function examineMachine(machine: { readonly cores: number; readonly memoryBytes: number }): Finding {
  const detail = `${machine.cores} cores, ${gigabytes(machine.memoryBytes)} of memory`;
  if (machine.memoryBytes < memoryBytesGood)
    return warning('machine', `${detail}; a large film may not fit`, null);
  return ok('machine', detail);
}

const require = createRequire(import.meta.url);

function isInstalled(name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`;
}
