import { createRequire } from 'node:module';

/** Raised when our own drawing changes so that the same drawing gives other pixels. */
const drawingRevision = 2;

/** Part of the renderer's fingerprint: the same version draws the same pixels from the same drawing and fonts. */
export function drawingVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('@napi-rs/canvas/package.json');
  return `drawing-${drawingRevision}+canvas-${versionIn(manifest)}`;
}

function versionIn(manifest: unknown): string {
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  if (!isManifest || typeof manifest.version !== 'string') {
    throw new TypeError('The canvas package has no version.');
  }
  return manifest.version;
}
