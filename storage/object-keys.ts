/** Every key the store ever holds. Built from our own ids and hashes only: letters, digits, "_", "-", "." and "/". */
export const objectKeys = {
  asset: (userId: string, assetId: string): string => key('assets', userId, assetId),
  plan: (jobId: string): string => key('render-plans', jobId, 'plan.json'),
  /** What each scene was made from; for telling later why a scene could not be re-used. */
  sceneSources: (jobId: string): string => key('render-plans', jobId, 'sources.json'),
  sceneClip: (jobId: string, index: number): string => key('intermediates', jobId, `scene_${index}.mp4`),
  sceneSound: (jobId: string, index: number): string => key('intermediates', jobId, `scene_${index}.f32le`),
  programme: (jobId: string): string => key('intermediates', jobId, 'programme.m4a'),
  assembled: (jobId: string, name: 'output.mp4' | 'thumbnail.jpg'): string =>
    key('intermediates', jobId, name),
  intermediates: (jobId: string): string => `${key('intermediates', jobId)}/`,
  output: (jobId: string, name: 'output.mp4' | 'thumbnail.jpg' | 'metadata.json'): string =>
    key('outputs', jobId, name),
  outputs: (jobId: string): string => `${key('outputs', jobId)}/`,
  renderPlans: (jobId: string): string => `${key('render-plans', jobId)}/`,
  cachedClip: (hash: string): string => key('cache', 'scenes', `${hash}.mp4`),
  cachedSound: (hash: string): string => key('cache', 'sounds', `${hash}.f32le`),
  cachedProgramme: (hash: string): string => key('cache', 'programmes', `${hash}.m4a`),
} as const;

function key(...parts: readonly string[]): string {
  for (const part of parts) {
    if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(part))
      throw new Error(`"${part}" cannot be part of an object key`);
  }
  return parts.join('/');
}
