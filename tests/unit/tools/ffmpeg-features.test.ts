import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type FfmpegFeatures,
  featureOptions,
  isFitVersion,
  missingFeatures,
  parseFeatures,
  parseVersion,
  requiredFeatures,
} from '../../../tools/ffmpeg-features.ts';

const kinds = Object.keys(featureOptions) as (keyof FfmpegFeatures)[];

const recorded = (version: string, kind: string): string =>
  readFileSync(new URL(`./recorded/ffmpeg-${version}/${kind}.txt`, import.meta.url), 'utf8');

const featuresOf = (version: string): Record<keyof FfmpegFeatures, ReadonlySet<string>> => ({
  encoders: parseFeatures('encoders', recorded(version, 'encoders')),
  decoders: parseFeatures('decoders', recorded(version, 'decoders')),
  filters: parseFeatures('filters', recorded(version, 'filters')),
  muxers: parseFeatures('muxers', recorded(version, 'muxers')),
  demuxers: parseFeatures('demuxers', recorded(version, 'demuxers')),
  protocols: parseFeatures('protocols', recorded(version, 'protocols')),
});

describe.each(['5.1.9', '9.0.2'])('the listings of FFmpeg %s', (version) => {
  it('hold everything that is needed', () => {
    expect(missingFeatures(featuresOf(version))).toEqual([]);
  });

  it('are fit by their version', () => {
    expect(isFitVersion(recorded(version, 'version'))).toBe(true);
    expect(parseVersion(recorded(version, 'version'))).toEqual(version.split('.').slice(0, 2).map(Number));
  });

  it.each(kinds)('without one line of the %s name what is lacking', (kind) => {
    for (const name of requiredFeatures[kind]) {
      const shorter = recorded(version, kind)
        .split('\n')
        .filter((line) => !line.split(/[\s,]+/).includes(name))
        .join('\n');
      const found = { ...featuresOf(version), [kind]: parseFeatures(kind, shorter) };
      expect(missingFeatures(found)).toContain(`${kind.slice(0, -1)} ${name}`);
    }
  });

  it('give no name that is really a flag or a heading', () => {
    const found = featuresOf(version);
    for (const kind of kinds) {
      for (const name of found[kind]) expect(name).toMatch(/^[a-z0-9_.-]+$/i);
      for (const heading of ['=', 'Video', 'Input:', 'Encoders:'])
        expect(found[kind].has(heading)).toBe(false);
    }
    expect(found.filters.has('TSC')).toBe(false);
  });
});

describe('a version', () => {
  it('is fit from 5.1 on, and as a build from the development branch', () => {
    expect(isFitVersion('ffprobe version 4.0.2-static https://example.invalid Copyright')).toBe(false);
    expect(isFitVersion('ffmpeg version 5.0.3 Copyright')).toBe(false);
    expect(isFitVersion('ffmpeg version 5.1 Copyright')).toBe(true);
    expect(isFitVersion('ffmpeg version n9.0.2-17-g2a571b6068 Copyright')).toBe(true);
    expect(isFitVersion('ffmpeg version N-109468-gd39b34123d Copyright')).toBe(true);
    expect(isFitVersion('GNU coreutils')).toBe(false);
    expect(isFitVersion('')).toBe(false);
  });
});
