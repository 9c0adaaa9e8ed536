import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Manifest = z.object({ version: z.string() });

/** Of the package, whose folder is above ours in a checkout and two above in a build. */
export function ownVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      return Manifest.parse(JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'))).version;
    } catch {
      // The next place has it.
    }
  }
  return 'unknown';
}
