import type { ProjectState } from '../../domain/project/project.ts';
import { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import type { Permission } from '../../domain/role/permission.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { RoleDirectory } from '../../ports/directories/role-directory.ts';
import type { MemberRoles, RolesVersion } from '../../ports/directories/session-directory.ts';
import type { PermissionCache } from '../../ports/permission-cache.ts';

/** Where somebody is a member. */
export interface MemberPlace {
  readonly project: Pick<ProjectState, 'id' | 'platform' | 'rootTenantId'>;
  readonly tenantId: TenantId;
  readonly userId: UserId;
}

interface Compiled {
  readonly version: RolesVersion;
  readonly permissions: EffectivePermissions;
}

const MOST = 10_000;

/** What members may do, compiled once for each version of their roles: nothing stale can be found. */
export class PermissionResolver {
  readonly #directory: RoleDirectory;
  readonly #cache: PermissionCache;
  readonly #compiled = new Map<string, Compiled>();

  constructor(deps: { readonly roleDirectory: RoleDirectory; readonly permissionCache: PermissionCache }) {
    this.#directory = deps.roleDirectory;
    this.#cache = deps.permissionCache;
  }

  /** `roles`: as they stood a moment ago; whoever is no member may do nothing. Warm, it costs no I/O. */
  async of(place: MemberPlace, roles: MemberRoles | undefined): Promise<EffectivePermissions> {
    if (roles === undefined) return compile(place, []);
    const known = this.#compiled.get(nameOf(place));
    if (known !== undefined && known.version === roles.version) return known.permissions;
    const { tenantId, userId } = place;
    const cached = roles.version && (await this.#cache.find(tenantId, userId, roles.version));
    if (cached !== undefined && roles.version !== undefined) return this.#keep(place, roles.version, cached);
    return this.#look(place);
  }

  async #look(place: MemberPlace): Promise<EffectivePermissions> {
    const { project, tenantId, userId } = place;
    const present = await this.#directory.permissionsOf(project.id, tenantId, userId);
    if (present === undefined) return compile(place, []);
    await this.#cache.keep(tenantId, userId, present.rolesVersion, present.permissions);
    return this.#keep(place, present.rolesVersion, present.permissions);
  }

  #keep(place: MemberPlace, version: RolesVersion, names: readonly Permission[]): EffectivePermissions {
    const permissions = compile(place, names);
    const name = nameOf(place);
    this.#compiled.delete(name);
    this.#compiled.set(name, { version, permissions });
    if (this.#compiled.size > MOST) {
      const oldest = this.#compiled.keys().next();
      if (!oldest.done) this.#compiled.delete(oldest.value);
    }
    return permissions;
  }
}

function nameOf({ tenantId, userId }: MemberPlace): string {
  return `${tenantId} ${userId}`;
}

function compile({ project, tenantId }: MemberPlace, names: readonly Permission[]): EffectivePermissions {
  return new EffectivePermissions(names, { platform: project.platform && project.rootTenantId === tenantId });
}
