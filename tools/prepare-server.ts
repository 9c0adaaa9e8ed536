// Run once before the API and the workers of a server: prepares the Temporal server that TEMPORAL_ADDRESS names.
import { ensureNamespace, ensureSearchAttributes } from './prepare-temporal.ts';
import { namespaceOf } from './temporal.ts';
import { waitUntil } from './wait-until.ts';

const serverMsMax = 120_000;

const address = process.env.TEMPORAL_ADDRESS ?? '';
const namespace = namespaceOf(process.env);
if (address === '') throw new Error('TEMPORAL_ADDRESS is not set.');

const wait = { what: `The Temporal server at ${address}`, timeoutMs: serverMsMax };
await waitUntil(() => ensureNamespace(address, namespace), wait);
// Not at once: each part of the server learns of a new namespace at its own pace.
await waitUntil(() => ensureSearchAttributes(address, namespace), wait);
console.log(`Temporal at ${address} is ready: namespace ${namespace}`);
