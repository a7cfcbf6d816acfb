import { type AttestingMeans, type AttestRecord, attested } from '../../domain/audit/attestation.ts';
import { CanonicalDigest } from '../crypto/canonical-digest.ts';
import { HmacContentAttester } from '../crypto/hmac-content-attester.ts';
import { HmacSecretIssuer } from '../crypto/hmac-secret-issuer.ts';
import type { KeyRing } from '../crypto/key-ring.ts';

/** How whatever keeps records makes them the service's own. */
export function attesting(keyRing: KeyRing): AttestRecord {
  const [digest, attester, issuer] = [
    new CanonicalDigest(),
    new HmacContentAttester(keyRing),
    new HmacSecretIssuer(keyRing),
  ];
  const means: AttestingMeans = {
    hash: (value) => digest.of(value),
    salt: () => issuer.nonce(),
    attest: (value) => attester.attest(value),
  };
  return (record) => attested(record, means);
}
