import type { ProjectState } from '../../domain/project/project.ts';
import type { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import type { TenantState } from '../../domain/tenant/tenant.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import { permissionsOf } from '../authentication/grant.ts';
import { type UserView, userView } from './user-view.ts';

/** A person in the tenant that they act in. */
export interface Profile {
  readonly user: UserView;
  readonly tenant: TenantState;
  /** Slugs, sorted. */
  readonly roles: readonly string[];
  readonly permissions: EffectivePermissions;
}

export function profileOf(standing: SessionStanding, project: ProjectState): Profile {
  return {
    user: userView(standing.user),
    tenant: standing.tenant,
    roles: (standing.roles ?? []).map((role) => role.slug),
    permissions: permissionsOf(standing, project),
  };
}
