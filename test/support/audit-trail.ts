import { CanonicalDigest } from '../../src/adapters/crypto/canonical-digest.ts';
import { HmacAttester } from '../../src/adapters/crypto/hmac-attester.ts';
import { HmacSecretIssuer } from '../../src/adapters/crypto/hmac-secret-issuer.ts';
import { JoseCheckpointReader } from '../../src/adapters/crypto/jose-checkpoint-reader.ts';
import { JoseCheckpointSigner } from '../../src/adapters/crypto/jose-checkpoint-signer.ts';
import { SigningKeyRings } from '../../src/adapters/crypto/signing-key-rings.ts';
import { SealAuditRecords } from '../../src/application/audit/seal-audit-records.ts';
import { SignedTrail } from '../../src/application/audit/signed-trail.ts';
import { type AuditVerdict, verifyAudit } from '../../src/application/audit/verify-audit.ts';
import type { AuditChain } from '../../src/domain/audit/audit-chain.ts';
import type { AuditLine, RecordLine } from '../../src/domain/audit/audit-lines.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { Attester } from '../../src/ports/attester.ts';
import type { AuditEntry } from '../../src/ports/audit-trail.ts';
import type { StoreSubject } from '../contracts/subject.ts';
import { aSigner } from '../crypto/signing-keys.ts';
import { keyRing } from './attested.ts';
import { anAuditEntry, anId } from './builders.ts';

/** As it comes out of a file. */
type Line = AuditLine;

/** A project that records, seals, exports and verifies over a store. */
export async function aTrail({ auditArchive, unitOfWork }: Pick<StoreSubject, 'auditArchive' | 'unitOfWork'>) {
  const { clock, shelf, secretBox, aProjectWithKey } = aSigner();
  const { projectId, key } = await aProjectWithKey();
  const contentDigest = new CanonicalDigest();
  const secretIssuer = new HmacSecretIssuer(keyRing);
  const checkpointSigner = new JoseCheckpointSigner(new SigningKeyRings(shelf, secretBox, clock));
  const jwks = { keys: [key.toState().publicJwk] };
  const checkpointReader = new JoseCheckpointReader(jwks);
  const own: AuditChain = { projectId, tenantId: anId<TenantId>() };
  /** As a process that knows its own by this. */
  const by = (attester: Attester) => {
    const sealing = new SealAuditRecords({ auditArchive, contentDigest, attester, secretIssuer, clock });
    const signedTrail = new SignedTrail({ auditArchive, checkpointSigner, attester, clock });
    return {
      seal: (limit = 100) => sealing.execute(limit),
      async exported(chain: AuditChain = own): Promise<readonly Line[]> {
        const lines: Line[] = [];
        for await (const line of signedTrail.lines(chain)) lines.push(line);
        return JSON.parse(JSON.stringify(lines));
      },
      checkpoint: async (chain: AuditChain = own) => (await signedTrail.checkpoint(chain))[0],
    };
  };

  return {
    own,
    jwks,
    clock,
    contentDigest,
    /** One commit an entry. */
    async record(count: number, given: Partial<AuditEntry> & { readonly projectId?: ProjectId } = {}) {
      for (let done = 0; done < count; done += 1) {
        const entry = anAuditEntry(clock.now(), { ...own, entityId: anId(), metadata: { done }, ...given });
        await unitOfWork.run(async ({ audit }) => audit.record(entry));
      }
    },
    by,
    ...by(new HmacAttester(keyRing)),
    verified: (lines: readonly unknown[], earlier: readonly unknown[] = []): Promise<AuditVerdict> =>
      verifyAudit(lines, { contentDigest, checkpointReader }, earlier),
  };
}

export type Trail = Awaited<ReturnType<typeof aTrail>>;

export function recordsIn(lines: readonly Line[]): readonly RecordLine[] {
  return lines.filter((line) => line.type === 'record');
}
