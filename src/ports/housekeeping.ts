import type { RefreshTokenState } from '../domain/session/refresh-token.ts';

/** A session, wherever it is. */
export type SessionKey = Pick<RefreshTokenState, 'projectId' | 'id'>;

/** Removes what has had its time, in small batches that no hot path waits for. */
export interface Housekeeping {
  /**
   * Ended and expired sessions, expired tokens, challenges, requests at providers, idempotency keys and attempt windows;
   * authenticator apps that were not confirmed in time; signing keys 7 days after the last token of theirs was void;
   * messages that were buried `BURIED_KEPT_SECONDS` ago; expired offers of a tenant; invitations 30 days after they expired, with whoever stood in for the invited person;
   * accounts whose address was unproven for 7 days where the project requires proof, with their seat.
   * MUST leave alone what is to be written down first: sessions of `awaitingRecord`, and an account that has one or a
   * part in a pending offer. Makes room for the audit records to come.
   * Answers how many rows went; 0 means that nothing is left to do.
   */
  sweep(now: Date, batchSize: number): Promise<number>;
  /** The next sessions of the rule `awaitsRecord` in the order of their keys, over or not. */
  awaitingRecord(after: SessionKey | undefined, limit: number): Promise<readonly SessionKey[]>;
}
