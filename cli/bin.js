#!/usr/bin/env node
// Starts the command line: from its TypeScript sources where they lie beside us, else as built.
import { existsSync } from 'node:fs';

const source = new URL('./main.ts', import.meta.url);
// A build beside the sources may be older than they are, and lacks what only a checkout has (tools/go.mod).
const isCheckout = existsSync(source);
if (isCheckout) (await import('tsx/esm/api')).register();
const entry = isCheckout ? source : new URL('../dist/cli/main.js', import.meta.url);
const { main } = await import(entry.href);
process.exitCode = await main(process.argv.slice(2));
