import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { RoleGrant } from './session-directory.ts';

/** A tenant as one of its members sees it. */
export interface TenantOfUser {
  readonly tenant: TenantState;
  /** Ordered by slug. */
  readonly roles: readonly RoleGrant[];
}

export interface TenantDirectory {
  byId(projectId: ProjectId, id: TenantId): Promise<TenantState | undefined>;
  /** Oldest membership first, at most 100. */
  ofUser(projectId: ProjectId, userId: UserId): Promise<readonly TenantOfUser[]>;
}
