import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
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

/**
 * What any replica has resolved. What this process has seen does not travel again. An entry names its author: whoever
 * gets at the cache without the key decides about nobody's permissions.
 */
export class RedisPermissionCache implements PermissionCache {
  readonly #line: Line;
  readonly #own: PermissionCache;
  readonly #key: KeyObject;

  constructor(deps: { readonly line: Line; readonly own: PermissionCache; readonly key: KeyObject }) {
    this.#line = deps.line;
    this.#own = deps.own;
    this.#key = deps.key;
  }

  async find(tenantId: TenantId, userId: UserId, version: RolesVersion): Promise<readonly Permission[] | undefined> {
    const known = await this.#own.find(tenantId, userId, version);
    if (known !== undefined) return known;
    const name = nameOf(tenantId, userId);
    const [mac, keptVersion, ...names] = (await this.#line.ask((redis) => redis.get(name)))?.split(SEPARATOR) ?? [];
    const permissions = names as Permission[];
    if (keptVersion !== version || !matches(mac, this.#macOf(name, version, permissions))) return undefined;
    await this.#own.keep(tenantId, userId, version, permissions);
    return permissions;
  }

  async keep(
    tenantId: TenantId,
    userId: UserId,
    version: RolesVersion,
    permissions: readonly Permission[],
  ): Promise<void> {
    await this.#own.keep(tenantId, userId, version, permissions);
    const name = nameOf(tenantId, userId);
    const entry = [this.#macOf(name, version, permissions), version, ...permissions].join(SEPARATOR);
    const expiration = { type: 'EX', value: KEPT_SECONDS } as const;
    // Nobody waits for the others to be able to find it.
    void this.#line.ask((redis) => redis.set(name, entry, { expiration }));
  }

  #macOf(name: string, version: RolesVersion, permissions: readonly Permission[]): string {
    const text = [name, version, ...permissions].join(SEPARATOR);
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** The tenant is the hash tag: what is kept of one is in one place. */
function nameOf(tenantId: TenantId, userId: UserId): string {
  return `rbac:{${tenantId}}:{${userId}}`;
}

function matches(presented: string | undefined, mac: string): boolean {
  return presented?.length === mac.length && timingSafeEqual(Buffer.from(presented), Buffer.from(mac));
}
