import type { Brand } from '../kernel/brand.ts';

/** A keyed hash of a secret, in base64url: what is stored in the secret's place. */
export type SecretDigest = Brand<string, 'SecretDigest'>;

/** Names the key of a digest that says which it is, before a dot; empty for one that does not. */
export function digestedUnder(digest: SecretDigest): string {
  return digest.includes('.') ? (digest.split('.')[0] ?? '') : '';
}
