import { type AuditVerdict, verifyAudit } from '../../application/audit/verify-audit.ts';
import type { Jwks } from '../../ports/token-signer.ts';
import { CanonicalDigest } from '../crypto/canonical-digest.ts';
import { JoseCheckpointReader } from '../crypto/jose-checkpoint-reader.ts';

type Values = Parameters<typeof verifyAudit>[0];

/** Verifies exported trails with nothing but a project's public keys. Throws for what is no JWKS (RFC 7517 §5). */
export function auditVerifier(jwks: unknown): (lines: Values, earlier?: Values) => Promise<AuditVerdict> {
  const checkpointReader = new JoseCheckpointReader(jwks as Jwks);
  const contentDigest = new CanonicalDigest();
  return (lines, earlier) => verifyAudit(lines, { contentDigest, checkpointReader }, earlier);
}
