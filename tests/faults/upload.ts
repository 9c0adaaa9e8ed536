import { until } from './wait.ts';
import type { World } from './world.ts';

/** Uploads a file and resolves with its name in documents, once it was looked into. */
export async function upload(world: World, name: string, bytes: Buffer): Promise<`asset:${string}`> {
  const { apiUrl, apiKey, projectId } = world.stack;
  const url = new URL(`/v1/assets?${new URLSearchParams({ projectId, name }).toString()}`, apiUrl);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw new Error(`${name} was not taken: ${answer.status} ${await answer.text()}`);
  const { assetId } = (await answer.json()) as { readonly assetId: string };
  await until(
    async () =>
      (await world.call<{ status: string }>('GET', `/v1/assets/${assetId}`)).body.status === 'ready',
    `${name} to be ready`,
    30_000,
  );
  return `asset:${assetId}`;
}
