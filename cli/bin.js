#!/usr/bin/env node
// Starts the command line: as built, or from its TypeScript sources.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/cli/main.js', import.meta.url);
const isBuilt = existsSync(fileURLToPath(built));
if (!isBuilt) (await import('tsx/esm/api')).register();
const { main } = await import(isBuilt ? built.href : new URL('./main.ts', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
