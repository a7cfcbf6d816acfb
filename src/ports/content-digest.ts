import type { ContentHash } from '../domain/audit/audit-chain.ts';

/** SHA-256 in base64url over the canonical JSON of a value (RFC 8785): the same in every language, and for good. */
export interface ContentDigest {
  /** Throws for what JSON cannot say. */
  of(value: unknown): ContentHash;
}
