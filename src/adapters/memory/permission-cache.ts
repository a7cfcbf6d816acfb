import type { Permission } from '../../domain/role/permission.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { RolesVersion } from '../../ports/directories/session-directory.ts';
import type { PermissionCache } from '../../ports/permission-cache.ts';

interface Entry {
  readonly version: RolesVersion;
  readonly permissions: readonly Permission[];
}

/** What an entry weighs besides its names. */
const ENTRY_WEIGHT = 10;

/** So much at most, in names: a person may hold 50,000, and memory has to end somewhere. */
const MOST_WEIGHT = 500_000;

/** Knows what this process has seen, and of that what was used last. */
export class MemoryPermissionCache implements PermissionCache {
  readonly #entries = new Map<string, Entry>();
  readonly #mostWeight: number;
  #weight = 0;

  constructor(mostWeight = MOST_WEIGHT) {
    this.#mostWeight = mostWeight;
  }

  async find(tenantId: TenantId, userId: UserId, version: RolesVersion): Promise<readonly Permission[] | undefined> {
    const key = keyOf(tenantId, userId);
    const entry = this.#entries.get(key);
    if (entry?.version !== version) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.permissions;
  }

  async keep(
    tenantId: TenantId,
    userId: UserId,
    version: RolesVersion,
    permissions: readonly Permission[],
  ): Promise<void> {
    const key = keyOf(tenantId, userId);
    this.#remove(key);
    const entry = { version, permissions };
    this.#entries.set(key, entry);
    this.#weight += weightOf(entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#mostWeight) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= weightOf(entry);
  }
}

function keyOf(tenantId: TenantId, userId: UserId): string {
  return `${tenantId}:${userId}`;
}

function weightOf({ permissions }: Entry): number {
  return permissions.length + ENTRY_WEIGHT;
}
