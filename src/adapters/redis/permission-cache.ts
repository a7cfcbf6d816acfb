import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Permission } from '../../domain/role/permission.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { RolesVersion } from '../../ports/directories/session-directory.ts';
import type { PermissionCache } from '../../ports/permission-cache.ts';
import type { Line } from './line.ts';

/** What nobody asks for goes; an entry never becomes wrong. */
const KEPT_SECONDS = 3600;

/** Of an HMAC-SHA-256 in base64url. */
const MAC_LENGTH = 43;

/** A longer list takes less time to resolve than to fetch: each replica does so once. */
const MOST_SHARED = 5000;

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
    const entry = await this.#line.ask((redis) => redis.get(name));
    const [keptVersion, ...permissions] = this.#opened(name, entry ?? '')?.split(SEPARATOR) ?? [];
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
    if (permissions.length > MOST_SHARED) return;
    const name = nameOf(tenantId, userId);
    const text = [version, ...permissions].join(SEPARATOR);
    const expiration = { type: 'EX', value: KEPT_SECONDS } as const;
    // Nobody waits for the others to be able to find it.
    void this.#line.ask((redis) => redis.set(name, this.#macOf(name, text) + text, { expiration }));
  }

  #opened(name: string, entry: string): string | undefined {
    const text = entry.slice(MAC_LENGTH);
    const presented = Buffer.from(entry.slice(0, MAC_LENGTH));
    const mac = Buffer.from(this.#macOf(name, text));
    return presented.length === mac.length && timingSafeEqual(presented, mac) ? text : undefined;
  }

  #macOf(name: string, text: string): string {
    return createHmac('sha256', this.#key).update(name).update(SEPARATOR).update(text).digest('base64url');
  }
}

/** The tenant is the hash tag: what is kept of one is in one place. */
function nameOf(tenantId: TenantId, userId: UserId): string {
  return `rbac:{${tenantId}}:{${userId}}`;
}
