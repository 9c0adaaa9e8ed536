// Prints the `.env` of a new server: every secret that docker-compose.yml asks for, made at random.
import { randomBytes } from 'node:crypto';
import { newApiKey } from './stack-home.ts';

const secret = (): string => randomBytes(24).toString('base64url');

console.log(`# Secrets of this server: keep the file private. More settings: docs/guides/server.md.
POSTGRES_PASSWORD=${secret()}
S3_SECRET_KEY=${secret()}
LINK_SIGNING_SECRET=${secret()}
BOOTSTRAP_API_KEY=${newApiKey()}
PUBLIC_BASE_URL=http://127.0.0.1:8787`);
