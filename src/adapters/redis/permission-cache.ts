import type { Permission } from '../../domain/role/permission.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { RolesVersion } from '../../ports/directories/session-directory.ts';
import type { PermissionCache } from '../../ports/permission-cache.ts';
import type { Line } from './line.ts';

/** What nobody asks for goes; an entry never becomes wrong. */
const KEPT_SECONDS = 3600;

/** No character of a permission; a version is one line. */
const SEPARATOR = '\n';

/** What any replica has compiled. What this process has seen does not travel again. */
export class RedisPermissionCache implements PermissionCache {
  readonly #line: Line;
  readonly #own: PermissionCache;

  constructor(deps: { readonly line: Line; readonly own: PermissionCache }) {
    this.#line = deps.line;
    this.#own = deps.own;
  }

  async find(tenantId: TenantId, userId: UserId, version: RolesVersion): Promise<readonly Permission[] | undefined> {
    const known = await this.#own.find(tenantId, userId, version);
    if (known !== undefined) return known;
    const entry = await this.#line.ask((redis) => redis.get(keyOf(tenantId, userId)));
    const [keptVersion, ...permissions] = entry?.split(SEPARATOR) ?? [];
    if (keptVersion !== version) return undefined;
    await this.#own.keep(tenantId, userId, version, permissions as Permission[]);
    return permissions as Permission[];
  }

  async keep(
    tenantId: TenantId,
    userId: UserId,
    version: RolesVersion,
    permissions: readonly Permission[],
  ): Promise<void> {
    await this.#own.keep(tenantId, userId, version, permissions);
    const entry = [version, ...permissions].join(SEPARATOR);
    const expiration = { type: 'EX', value: KEPT_SECONDS } as const;
    // Nobody waits for the others to be able to find it.
    void this.#line.ask((redis) => redis.set(keyOf(tenantId, userId), entry, { expiration }));
  }
}

/** The tenant is the hash tag: what is kept of one is in one place. */
function keyOf(tenantId: TenantId, userId: UserId): string {
  return `rbac:{${tenantId}}:{${userId}}`;
}
