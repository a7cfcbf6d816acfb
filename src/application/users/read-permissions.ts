import { IamError } from '../../domain/errors.ts';
import type { Permission } from '../../domain/role/permission.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';

export interface ResolvedPermissions {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly roles: readonly string[];
  /** The union of the roles, as granted, sorted. */
  readonly permissions: readonly Permission[];
}

type ReadPermissionsDeps = Pick<Ports, 'memberDirectory' | 'roleDirectory'> & { readonly authority: Authority };

/** What somebody may do in the actor's tenant. Of oneself it takes nothing. */
export class ReadPermissions {
  readonly #deps: ReadPermissionsDeps;
  constructor(deps: ReadPermissionsDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` */
  async execute(actor: Administrator, userId: UserId): Promise<ResolvedPermissions> {
    const { authority, memberDirectory, roleDirectory } = this.#deps;
    const { projectId, tenantId } = actor;
    if (!('userId' in actor && actor.userId === userId)) await authority.assert(actor, 'users.list');
    const member = await memberDirectory.byId(projectId, tenantId, userId);
    if (member === undefined || member.membership.deletedAt !== null) throw new IamError('not-found');
    const held = await roleDirectory.permissionsOf(projectId, tenantId, userId);
    return { userId, tenantId, roles: member.roles, permissions: [...(held?.permissions ?? [])].sort() };
  }
}
