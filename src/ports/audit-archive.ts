import type { AuditChain, ChainHead, KeptHead } from '../domain/audit/audit-chain.ts';
import type { FoundRecord, SealedRecord } from '../domain/audit/audit-record.ts';
import type { AuditSeal, SealedRecords } from '../domain/audit/audit-seal.ts';
import type { ProjectId } from '../domain/project/project.ts';
import type { UserId } from '../domain/user/user.ts';

/** Records of a chain that have no seal yet, and what their seal would follow. */
export interface UnsealedRecords {
  readonly chain: AuditChain;
  readonly head: KeptHead | undefined;
  /** In the order of their ids. */
  readonly records: readonly FoundRecord[];
}

export interface ChainExtent {
  /** What the chain begins after, once its oldest seals are gone with their records. */
  readonly beginning: ChainHead | undefined;
  readonly head: KeptHead;
}

/** A chain, and where it stands. */
export interface StandingChain {
  readonly chain: AuditChain;
  readonly head: KeptHead;
}

export interface Stretch {
  /** In the order of their numbers, without a gap unless one was removed. */
  readonly seals: readonly AuditSeal[];
  /** In the order of the seals that they name, whether those exist or not. */
  readonly records: readonly SealedRecord[];
}

/** The records under their seals. Records are never waited for, and whoever records never waits for a seal. */
export interface AuditArchive {
  /** At most `limit` records, chain by chain, as of one moment. */
  unsealed(limit: number): Promise<readonly UnsealedRecords[]>;
  /**
   * Keeps seals, at most one a chain, with what they say of their records. A seal is kept, whole, if and only if it
   * follows its chain's head: of N that follow the same one, one is. Answers how many records are under a seal now.
   */
  keep(sealed: readonly SealedRecords[]): Promise<number>;
  /** Chains that have a seal, at most `limit`, in one order of them all, after `after`. */
  heads(after: AuditChain | undefined, limit: number): Promise<readonly StandingChain[]>;
  /**
   * Keeps another attestation of each head, provided that it has the one it was found with. Nothing else of a chain
   * changes. Answers how many.
   */
  attest(heads: readonly (StandingChain & { readonly attestation: string })[]): Promise<number>;
  /** `undefined` for a chain without a seal. */
  extent(chain: AuditChain): Promise<ChainExtent | undefined>;
  /**
   * The next seals after `after` (`undefined`: from the beginning) up to `upTo`, and every record that names one up to
   * the last of them. No seals are left when there are none; then the records are those that name seals which never
   * were.
   */
  stretch(chain: AuditChain, bounds: { readonly after: number | undefined; readonly upTo: number }): Promise<Stretch>;
  /**
   * Lets go of what was recorded before `before`, the first moment of a month: seals first, and then the records, once
   * they have a seal. A chain goes on from where it was, and begins after the latest seal that is gone. Answers how much
   * of at most about `limit` went; 0 means that nothing is left to do, or can be done now.
   */
  forget(before: Date, limit: number): Promise<number>;
  /**
   * What records of the project, under a seal or not, tell of the person is erased: all personal detail, with its salt,
   * of what happened to them and of what they did. What a seal holds stays as it is. In small steps: after a failure
   * some of it may be done. Answers how many records told something.
   */
  erase(projectId: ProjectId, userId: UserId): Promise<number>;
}
