import type { ProjectState } from '../../domain/project/project.ts';
import type { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import type { TenantState } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import type { PermissionResolver } from '../roles/permission-resolver.ts';
import { type UserView, userView } from './user-view.ts';

/** A person in the tenant that they act in. */
export interface Profile {
  readonly user: UserView;
  readonly tenant: TenantState;
  /** Slugs, sorted. */
  readonly roles: readonly string[];
  readonly permissions: EffectivePermissions;
  /** Whoever acts in the person's place. */
  readonly impersonatorId: UserId | null;
}

export async function profileOf(
  { user, tenant, roles, session }: SessionStanding,
  project: ProjectState,
  resolver: PermissionResolver,
): Promise<Profile> {
  return {
    user: userView(user),
    tenant,
    roles: roles?.slugs ?? [],
    permissions: await resolver.of({ project, tenantId: tenant.id, userId: user.id }, roles),
    impersonatorId: session.impersonator?.userId ?? null,
  };
}
