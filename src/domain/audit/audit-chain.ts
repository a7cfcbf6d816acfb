import type { Brand } from '../kernel/brand.ts';
import type { ProjectId } from '../project/project.ts';
import type { TenantId } from '../tenant/tenant.ts';

/** SHA-256 in base64url over the canonical JSON of a value (RFC 8785). */
export type ContentHash = Brand<string, 'ContentHash'>;

/** Equal values have equal hashes. */
export type Hash = (value: unknown) => ContentHash;

/** Whose records hang together: those of a tenant, or those of a project that belong to none. */
export interface AuditChain {
  readonly projectId: ProjectId;
  readonly tenantId: TenantId | null;
}

/** Where a chain stands, or stood once. */
export interface ChainHead {
  /** Of the latest seal, counted from 1. */
  readonly number: number;
  /** Of the latest seal, and so of everything before it. */
  readonly hash: ContentHash;
  /** Records under all seals so far. */
  readonly count: number;
}

/** A head as it is kept, with what the service attested of it: anything, where somebody else wrote it. */
export interface KeptHead extends ChainHead {
  readonly attestation: string | null;
}

/** What a project says of one of its chains, to be kept elsewhere: what was sealed by then cannot be rewritten unseen. */
export interface AuditCheckpoint extends AuditChain, ChainHead {
  readonly issuedAt: Date;
}
