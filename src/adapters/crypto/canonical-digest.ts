import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ContentHash } from '../../domain/audit/audit-chain.ts';
import type { ContentDigest } from '../../ports/content-digest.ts';

export class CanonicalDigest implements ContentDigest {
  of(value: unknown): ContentHash {
    return hash('sha256', canonicalText(value), 'base64url') as ContentHash;
  }
}

/** The form of RFC 8785. Throws for what JSON cannot say. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('JSON cannot say this');
  return text;
}
