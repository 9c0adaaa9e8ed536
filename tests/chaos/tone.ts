import type { Asset } from '../../contract/asset.ts';
import { until } from '../faults/wait.ts';
import type { World } from '../faults/world.ts';

const rate = 48_000;
const uploadMsMax = 30_000;

/** A second of a tone in the first project, ready to be named in a document. */
export async function uploadTone(world: World): Promise<string> {
  const { stack } = world;
  const response = await fetch(`${stack.apiUrl}/v1/assets?projectId=${stack.projectId}&name=tone.wav`, {
    method: 'POST',
    headers: { 'x-api-key': stack.apiKey, 'content-type': 'application/octet-stream' },
    body: toneFile(),
  });
  if (!response.ok) throw new Error(`The tone was not taken: ${await response.text()}`);
  // What our own server answers is what its description says.
  const { assetId } = (await response.json()) as Asset;
  await until(
    async () => (await world.call<Asset>('GET', `/v1/assets/${assetId}`)).body.status === 'ready',
    'the tone',
    uploadMsMax,
  );
  return `asset:${assetId}`;
}

/** WAV, 16 bits, one channel. */
function toneFile(): Buffer<ArrayBuffer> {
  const samples = Buffer.alloc(rate * 2);
  for (let index = 0; index < rate; index += 1)
    samples.writeInt16LE(Math.round(8_000 * Math.sin((index / rate) * 2 * Math.PI * 440)), index * 2);
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
