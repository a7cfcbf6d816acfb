import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ContentHash } from '../../domain/audit/audit-chain.ts';
import type { ContentDigest } from '../../ports/content-digest.ts';

export class CanonicalDigest implements ContentDigest {
  of(value: unknown): ContentHash {
    const text = canonicalize(value);
    if (text === undefined) throw new TypeError('JSON cannot say this');
    return hash('sha256', text, 'base64url') as ContentHash;
  }
}
