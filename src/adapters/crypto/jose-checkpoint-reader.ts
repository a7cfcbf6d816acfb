import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, type LocalJWKSet } from 'jose';
import type { AuditCheckpoint } from '../../domain/audit/audit-chain.ts';
import type { CheckpointReader } from '../../ports/audit-checkpoints.ts';
import type { Jwks } from '../../ports/token-signer.ts';
import { CHECKPOINT_TYPE, parseCheckpointClaims } from './checkpoint-claims.ts';

export class JoseCheckpointReader implements CheckpointReader {
  readonly #keys: LocalJWKSet;

  /** Throws for what is no set of public keys (RFC 7517 §5). */
  constructor(jwks: Jwks) {
    this.#keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet);
  }

  async read(jws: string): Promise<AuditCheckpoint | undefined> {
    const verified = await jwtVerify(jws, this.#keys, { typ: CHECKPOINT_TYPE }).catch(() => undefined);
    return verified && parseCheckpointClaims(verified.payload);
  }
}
