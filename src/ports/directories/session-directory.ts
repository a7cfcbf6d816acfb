import type { ProjectId } from '../../domain/project/project.ts';
import type { RoleState } from '../../domain/role/role.ts';
import type { RefreshTokenState, SessionId } from '../../domain/session/refresh-token.ts';
import type { TenantState } from '../../domain/tenant/tenant.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';

export type RoleGrant = Pick<RoleState, 'slug' | 'permissions'>;

/** A session with everything that it rests on, as it stands now. */
export interface SessionStanding {
  readonly session: RefreshTokenState;
  readonly user: UserState;
  readonly tenant: TenantState;
  /** `undefined` when the user is no member of the tenant any more. Ordered by slug. */
  readonly roles: readonly RoleGrant[] | undefined;
}

export interface SessionDirectory {
  /** In one read. */
  standing(projectId: ProjectId, id: SessionId): Promise<SessionStanding | undefined>;
  /** Sessions that are alive at `now`, newest first, at most 100. */
  aliveOfUser(projectId: ProjectId, userId: UserId, now: Date): Promise<readonly RefreshTokenState[]>;
}
