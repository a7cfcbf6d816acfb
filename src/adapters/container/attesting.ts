import { type AttestingMeans, type AttestRecord, attested } from '../../domain/audit/attestation.ts';
import { CanonicalDigest } from '../crypto/canonical-digest.ts';
import { HmacAttester } from '../crypto/hmac-attester.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { Salts } from '../crypto/salts.ts';

/** How whatever keeps records makes them the service's own. */
export function attesting(keyRing: KeyRing): AttestRecord {
  const [digest, attester, salts] = [new CanonicalDigest(), new HmacAttester(keyRing), new Salts()];
  const means: AttestingMeans = {
    hash: (value) => digest.of(value),
    salt: () => salts.next(),
    attest: (text) => attester.attest(text),
  };
  return (record) => attested(record, means);
}
