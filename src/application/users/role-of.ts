import { type Role, RoleId } from '../../domain/role/role.ts';
import type { RoleRepository } from '../../ports/repositories/role-repository.ts';
import type { Administrator } from '../actor.ts';

/** The role of the actor's tenant that a slug or an id names. */
export function roleOf(
  roles: RoleRepository,
  { projectId, tenantId }: Administrator,
  named: string,
): Promise<Role | undefined> {
  const id = RoleId.parse(named);
  return id === undefined ? roles.bySlug(projectId, tenantId, named) : roles.byId(projectId, tenantId, id);
}
