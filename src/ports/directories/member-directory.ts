import type { ProjectId } from '../../domain/project/project.ts';
import type { MembershipState } from '../../domain/tenant/membership.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId, UserState, UserStatus } from '../../domain/user/user.ts';
import type { Page, PageRequest } from './page.ts';

/** A person as a member of one tenant. */
export interface Member {
  readonly user: UserState;
  readonly membership: MembershipState;
  /** Slugs, sorted. */
  readonly roles: readonly string[];
}

export interface MemberFilter {
  /** As the tenant sees it: `disabled` also where the membership alone is. */
  readonly status?: UserStatus | undefined;
  /** What the address, the first or the last name begins with, in any case. */
  readonly search?: string | undefined;
  /** A slug. */
  readonly role?: string | undefined;
  /** Also whoever was removed. */
  readonly includeDeleted: boolean;
}

export interface MemberDirectory {
  /** Also one who was removed. */
  byId(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<Member | undefined>;
  page(
    projectId: ProjectId,
    tenantId: TenantId,
    filter: MemberFilter,
    request: PageRequest<UserId>,
  ): Promise<Page<Member>>;
}
