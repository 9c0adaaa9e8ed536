import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examineSandbox } from '../../../tools/doctor-sandbox.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-doctor-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function placeBwrap(script: string): Promise<void> {
  const path = join(folder, 'bwrap');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

describe('the sandbox, to the doctor,', () => {
  it('is well where bubblewrap really runs', async () => {
    await placeBwrap('exit 0');
    expect(await examineSandbox({ PATH: folder })).toMatchObject({ state: 'ok', fix: null });
  });

  it('works less well without, and is missing where it is demanded', async () => {
    expect(await examineSandbox({ PATH: folder })).toMatchObject({ state: 'warning' });
    expect(await examineSandbox({ PATH: folder, SANDBOX: 'bwrap' })).toMatchObject({ state: 'missing' });
  });

  it('that the kernel forbids is told with its reason and the switch', async () => {
    await placeBwrap("echo 'bwrap: No permissions to create new namespace' >&2; exit 1");
    const finding = await examineSandbox({ PATH: folder });
    expect(finding.state).toBe('warning');
    expect(finding.detail).toContain('No permissions to create new namespace');
    expect(finding.fix).toContain('kernel.unprivileged_userns_clone=1');
  });

  it('that was switched off is named as such', async () => {
    await placeBwrap('exit 0');
    expect(await examineSandbox({ PATH: folder, SANDBOX: 'none' })).toMatchObject({
      state: 'warning',
      fix: 'unset SANDBOX',
    });
  });
});
