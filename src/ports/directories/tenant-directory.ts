import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Page, PageRequest } from './page.ts';
import type { MemberRoles } from './session-directory.ts';

/** A tenant as one of its members sees it. */
export interface TenantOfUser {
  readonly tenant: TenantState;
  readonly roles: MemberRoles;
}

export interface TenantDirectory {
  byId(projectId: ProjectId, id: TenantId): Promise<TenantState | undefined>;
  page(projectId: ProjectId, request: PageRequest<TenantId>): Promise<Page<TenantState>>;
  /** Those that they are an active member of; oldest membership first, at most 100. */
  ofUser(projectId: ProjectId, userId: UserId): Promise<readonly TenantOfUser[]>;
}
