import { isPlatformRoot, type ProjectState } from '../../domain/project/project.ts';
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

/** What an entry weighs besides its names. */
const ENTRY_WEIGHT = 10;

/** So much at most, in names: fifty full roles are 50,000, and memory has to end somewhere. */
const MOST_WEIGHT = 500_000;

/**
 * What members may do, compiled once for each version of roles: whoever holds the same shares it, and nothing stale can
 * be found.
 */
export class PermissionResolver {
  readonly #directory: RoleDirectory;
  readonly #cache: PermissionCache;
  readonly #compiled = new Map<RolesVersion, { readonly permissions: EffectivePermissions; readonly weight: number }>();
  #weight = 0;

  constructor(deps: { readonly roleDirectory: RoleDirectory; readonly permissionCache: PermissionCache }) {
    this.#directory = deps.roleDirectory;
    this.#cache = deps.permissionCache;
  }

  /** `roles`: as they stood a moment ago; whoever is no member may do nothing. Warm, it costs no I/O. */
  async of(place: MemberPlace, roles: MemberRoles | undefined): Promise<EffectivePermissions> {
    if (roles === undefined) return compile(place, []);
    const known = roles.version && this.#compiled.get(roles.version);
    if (known) return known.permissions;
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
    this.#forget(version);
    const weight = names.length + ENTRY_WEIGHT;
    this.#compiled.set(version, { permissions, weight });
    this.#weight += weight;
    for (const oldest of this.#compiled.keys()) {
      if (this.#weight <= MOST_WEIGHT) break;
      this.#forget(oldest);
    }
    return permissions;
  }

  #forget(version: RolesVersion): void {
    this.#weight -= this.#compiled.get(version)?.weight ?? 0;
    this.#compiled.delete(version);
  }
}

function compile({ project, tenantId }: MemberPlace, names: readonly Permission[]): EffectivePermissions {
  return new EffectivePermissions(names, { platform: isPlatformRoot(project, tenantId) });
}
