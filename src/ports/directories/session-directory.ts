import type { Brand } from '../../domain/kernel/brand.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { RefreshTokenState, SessionId } from '../../domain/session/refresh-token.ts';
import type { TenantState } from '../../domain/tenant/tenant.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';

/**
 * What a member's permissions follow from: which roles, each as it was changed last. Another value, other permissions;
 * the same value, the same ones.
 */
export type RolesVersion = Brand<string, 'RolesVersion'>;

/** The roles of a member in a tenant. */
export interface MemberRoles {
  /** Sorted. */
  readonly slugs: readonly string[];
  /** `undefined` only before the commit that brings them. */
  readonly version: RolesVersion | undefined;
}

/** A session with everything that it rests on, as it stands now. */
export interface SessionStanding {
  readonly session: RefreshTokenState;
  readonly user: UserState;
  readonly tenant: TenantState;
  /** `undefined` when the user is no active member of the tenant any more. */
  readonly roles: MemberRoles | undefined;
  /** Whoever acts as the user, as they stand now; `null` when nobody does, or they are gone. */
  readonly impersonator: { readonly epoch: number; readonly inUse: boolean } | null;
}

export interface SessionDirectory {
  /** In one read. */
  standing(projectId: ProjectId, id: SessionId): Promise<SessionStanding | undefined>;
  /** Sessions that are alive at `now`, newest first, at most 100. */
  aliveOfUser(projectId: ProjectId, userId: UserId, now: Date): Promise<readonly RefreshTokenState[]>;
}
