import type { Brand } from '../kernel/brand.ts';

/** A keyed hash of a secret, in base64url: what is stored in the secret's place. */
export type SecretDigest = Brand<string, 'SecretDigest'>;
