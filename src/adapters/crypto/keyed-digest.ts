import { createHmac, type KeyObject } from 'node:crypto';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';

/** HMAC-SHA-256 over the context, with its length in front so that no two pairs read alike, and the secret. */
export function keyedDigest(key: KeyObject, context: string, secret: string): SecretDigest {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(context));
  return createHmac('sha256', key).update(length).update(context).update(secret).digest('base64url') as SecretDigest;
}
