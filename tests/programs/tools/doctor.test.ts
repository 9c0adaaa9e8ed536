import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../tools/doctor.ts';
import {
  examineFonts,
  examineMachine,
  examineNode,
  examineScratch,
  judgeSpace,
} from '../../../tools/doctor-machine.ts';
import { freePort } from '../../../tools/ports.ts';

describe('the doctor', () => {
  it('names what is missing on an empty machine, each with a command', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const findings = await examine({
      PATH: '/nowhere',
      TEMPORAL_ADDRESS: address,
      S3_ENDPOINT: `http://${address}`,
      DATABASE_URL: `postgres://${address}/films`,
    });
    const states = Object.fromEntries(findings.map((finding) => [finding.name, finding.state]));
    expect(states).toMatchObject({
      ffmpeg: 'missing',
      ffprobe: 'missing',
      temporal: 'missing',
      postgres: 'missing',
      store: 'missing',
      go: 'warning',
    });
    expect(states).toMatchObject({ fonts: 'ok', node: 'ok' });
    for (const finding of findings) {
      if (finding.state === 'missing') expect(finding.fix).toMatch(/\S/);
      if (finding.state === 'ok') expect(finding.fix).toBeNull();
    }
  });

  it('finds the Postgres and the store that come with us', async () => {
    const findings = await examine({
      ...process.env,
      DATABASE_URL: '',
      S3_ENDPOINT: '',
      RENDER_SCRATCH_DIR: '',
    });
    const stateOf = (name: string) => findings.find((finding) => finding.name === name)?.state;
    expect(['postgres', 'store'].map(stateOf)).toEqual(['ok', 'ok']);
    expect(findings.find(({ name }) => name === 'scratch')?.detail).toContain('.scenemill');
  });

  it('knows FFmpeg by what it can do', async () => {
    const findings = await examine({ ...process.env, FFMPEG_PATH: process.execPath });
    const ffmpeg = findings.find((finding) => finding.name === 'ffmpeg');
    expect(ffmpeg?.state).toBe('missing');
    expect(ffmpeg?.detail).toContain('FFMPEG_PATH');
  });

  it('asks for Node 20.19', () => {
    expect(['20.18.9', '20.19.0', '22.1.0', '18.20.0'].map((version) => examineNode(version).state)).toEqual([
      'missing',
      'ok',
      'ok',
      'missing',
    ]);
  });

  it('warns of little space and calls too little missing', async () => {
    expect([1e9, 5e9, 50e9].map((bytes) => judgeSpace('/tmp', bytes).state)).toEqual([
      'missing',
      'warning',
      'ok',
    ]);
    expect((await examineScratch('/nowhere/at/all')).detail).toContain('free in');
    expect((await examineScratch(tmpdir())).detail).toMatch(/[\d.]+ GB free/);
  });

  it('finds a missing font package and a small machine', () => {
    expect(examineFonts((name) => !name.endsWith('emoji'))).toMatchObject({
      state: 'missing',
      fix: 'npm ci',
    });
    expect(examineMachine({ cores: 1, memoryBytes: 1e9 }).state).toBe('warning');
    expect(examineMachine({ cores: 2, memoryBytes: 8e9 }).state).toBe('ok');
  });
});
