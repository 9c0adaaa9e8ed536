// The last step of a build: the SQL files lie beside the compiled database room, as they do in the source.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const target = process.argv[2] ?? at('dist');

for (const folder of ['sql', 'migrations']) {
  await cp(at(`database/${folder}`), join(target, 'database', folder), { recursive: true });
}
