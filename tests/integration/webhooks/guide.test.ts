// The receiver of the guide, as it stands there, against events as the server signs them.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signedHeaders, webhookSecret } from '../../../api/webhooks/signature.ts';

const secret = webhookSecret('only-for-tests-0123456789', 'user_1', 2);
const previous = webhookSecret('only-for-tests-0123456789', 'user_1', 1);
const bodyOf = (jobId: string): string =>
  JSON.stringify({ jobId, status: 'done', progress: 1, note: 'Ä – 日本' });

let folder: string;
let receiver: ChildProcess;
let lines: AsyncIterator<string>;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-test-guide-'));
  const guide = await readFile(new URL('../../../docs/guides/webhooks.md', import.meta.url), 'utf8');
  const [, code] = /```js\n(\/\/ receiver\.mjs\n[\s\S]*?)```/.exec(guide) ?? [];
  await writeFile(join(folder, 'receiver.mjs'), code ?? '');
  const child = spawn(process.execPath, [join(folder, 'receiver.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { WEBHOOK_SECRET: previous, PORT: '0' },
  });
  receiver = child;
  const output: Interface = createInterface({ input: child.stdout });
  lines = output[Symbol.asyncIterator]();
  url = `http://127.0.0.1:${(await nextLine()).replace('listening on ', '')}/`;
});
afterAll(async () => {
  receiver.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function nextLine(): Promise<string> {
  const next = await lines.next();
  if (next.done === true) throw new Error('The receiver has ended.');
  return next.value;
}

async function send(
  id: string,
  change: { readonly body?: string; readonly sentAt?: Date; readonly by?: string } = {},
) {
  const body = bodyOf(id);
  const message = { id, sentAt: change.sentAt ?? new Date(), body };
  const headers = signedHeaders(message, change.by === undefined ? [secret, previous] : [change.by]);
  return (await fetch(url, { method: 'POST', headers, body: change.body ?? body })).status;
}

it('the receiver of the guide takes what is genuine, once, and nothing else', async () => {
  expect(await send('msg_forged', { body: bodyOf('msg_forged').replace('done', 'failed') })).toBe(401);
  expect(await send('msg_old', { sentAt: new Date(Date.now() - 600_000) })).toBe(401);
  expect(await send('msg_other', { by: webhookSecret('only-for-tests-0123456789', 'user_2', 1) })).toBe(401);
  expect((await fetch(url, { method: 'POST', body: bodyOf('msg_none') })).status).toBe(401);
  // It has the secret of before, which still holds; the same event twice is one.
  expect(await send('msg_1')).toBe(204);
  expect(await send('msg_1')).toBe(204);
  expect(await send('msg_2', { by: previous })).toBe(204);
  expect([await nextLine(), await nextLine()]).toEqual(['msg_1 done 100 %', 'msg_2 done 100 %']);
});
