// How receivers know that an event is from here and was not changed.
import { createHmac } from 'node:crypto';

export type Message = {
  /** Equal on every attempt. */
  readonly id: string;
  /** When this attempt is made. */
  readonly sentAt: Date;
  readonly body: string;
};

/**
 * The secret of a user: made from a key of the installation, never stored, so that neither the database nor its back-up
 * holds one. A new generation is a new secret.
 */
export function webhookSecret(key: string, userId: string, generation: number): string {
  const bytes = createHmac('sha256', key).update(`webhook secret\n${userId}\n${generation}`).digest('base64');
  return `${PREFIX}${bytes}`;
}

/** Both styles of signature. `secrets`: the current one first, then those that receivers may still have. */
export function signedHeaders(
  message: Message,
  secrets: readonly [string, ...string[]],
): Record<string, string> {
  const { id, sentAt, body } = message;
  const seconds = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = secrets.map((secret) => `v1,${standardSignature(secret, `${id}.${seconds}.${body}`)}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.join(' '),
    'x-render-signature': createHmac('sha256', secrets[0]).update(body).digest('hex'),
  };
}

const PREFIX = 'whsec_';

function standardSignature(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}
