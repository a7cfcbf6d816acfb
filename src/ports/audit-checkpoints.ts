import type { AuditCheckpoint } from '../domain/audit/audit-chain.ts';

/** Checkpoints as a JWS (RFC 7515) of `typ: audit-checkpoint+jwt`, which is never taken for a token (RFC 8725 §3.11). */
export interface CheckpointSigner {
  /** With the project's current key. Rejects with `unavailable` where it has none. */
  sign(checkpoint: AuditCheckpoint): Promise<string>;
}

/** Needs the project's public keys, and nothing else: no server, no database, no clock. */
export interface CheckpointReader {
  /** `undefined` for anything that none of the keys signed as a checkpoint. */
  read(jws: string): Promise<AuditCheckpoint | undefined>;
}
