import { SignJWT } from 'jose';
import type { AuditCheckpoint } from '../../domain/audit/audit-chain.ts';
import { IamError } from '../../domain/errors.ts';
import type { CheckpointSigner } from '../../ports/audit-checkpoints.ts';
import { CHECKPOINT_TYPE, checkpointClaims } from './checkpoint-claims.ts';
import type { SigningKeyRings } from './signing-key-rings.ts';

export class JoseCheckpointSigner implements CheckpointSigner {
  readonly #rings: SigningKeyRings;

  constructor(rings: SigningKeyRings) {
    this.#rings = rings;
  }

  async sign(checkpoint: AuditCheckpoint): Promise<string> {
    const signer = await (await this.#rings.of(checkpoint.projectId))?.signer();
    if (!signer) throw new IamError('unavailable', { retryAfterSeconds: 1 });
    return new SignJWT(checkpointClaims(checkpoint))
      .setProtectedHeader({ alg: signer.algorithm, kid: signer.kid, typ: CHECKPOINT_TYPE })
      .sign(signer.key);
  }
}
