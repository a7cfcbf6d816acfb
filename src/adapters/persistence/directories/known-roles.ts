import type { Permission } from '../../../domain/role/permission.ts';
import { MAX_TENANT_ROLES, type RoleId } from '../../../domain/role/role.ts';
import type { VersionedRole } from '../queries/permissions-query.ts';

interface KnownRole {
  readonly version: number;
  readonly names: readonly Permission[];
}

type Roles = ReadonlyMap<RoleId, KnownRole>;

/** So many names at most: memory has to end somewhere. */
const MOST_NAMES = 500_000;

/**
 * What roles hold, by their versions: fifty times a thousand names take ten times as long to read as to unite, and the
 * members of a tenant share its roles. Nothing here can be stale, since another version is another entry.
 */
export class KnownRoles {
  readonly #tenants = new Map<string, Roles>();
  /** One string for each name: whether two are the same is then a look at their addresses. */
  readonly #spellings = new Map<string, Permission>();
  #names = 0;

  /** What is known of a tenant's roles now. */
  of(tenant: string): Roles {
    return this.#tenants.get(tenant) ?? new Map();
  }

  /** The union of roles as they were read by somebody who knew `known`. */
  union(tenant: string, known: Roles, read: readonly VersionedRole[]): readonly Permission[] {
    const roles = new Map<RoleId, KnownRole>();
    const union = new Set<Permission>();
    for (const [id, version, names] of read) {
      const role = { version, names: names === undefined ? (known.get(id)?.names ?? []) : this.#learn(names) };
      roles.set(id, role);
      for (const name of role.names) union.add(name);
    }
    this.#keep(tenant, roles);
    return [...union];
  }

  #learn(names: string): readonly Permission[] {
    if (names === '') return [];
    return names.split(' ').map((name) => {
      const spelling = this.#spellings.get(name);
      if (spelling !== undefined) return spelling;
      this.#spellings.set(name, name as Permission);
      return name as Permission;
    });
  }

  #keep(tenant: string, roles: Roles): void {
    const before = this.of(tenant);
    const all = new Map([...before, ...roles]);
    const kept = all.size > MAX_TENANT_ROLES ? roles : all;
    this.#names += namesIn(kept) - namesIn(before);
    this.#tenants.set(tenant, kept);
    if (this.#names <= MOST_NAMES) return;
    this.#tenants.clear();
    this.#spellings.clear();
    this.#names = 0;
  }
}

function namesIn(roles: Roles): number {
  let names = roles.size;
  for (const role of roles.values()) names += role.names.length;
  return names;
}
