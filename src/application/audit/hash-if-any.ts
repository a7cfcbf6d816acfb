import type { ContentHash } from '../../domain/audit/audit-chain.ts';
import type { ContentDigest } from '../../ports/content-digest.ts';

/** What JSON cannot say has none. */
export function hashIfAny(contentDigest: ContentDigest, value: unknown): ContentHash | undefined {
  try {
    return contentDigest.of(value);
  } catch {
    return undefined;
  }
}
