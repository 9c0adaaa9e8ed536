// A process that starts a stack and then waits to be killed.
import { fileURLToPath } from 'node:url';
import { startStack } from '../../../../tools/stack.ts';

const entry = fileURLToPath(new URL('./fake-role.ts', import.meta.url));
const stack = await startStack({
  isDisposable: true,
  entries: { api: entry, worker: entry },
  home: process.argv[2] ?? '.scenemill',
});
process.stdout.write(`pids=${stack.children.map((child) => child.pid).join(',')}\n`);
setInterval(() => undefined, 60_000);
