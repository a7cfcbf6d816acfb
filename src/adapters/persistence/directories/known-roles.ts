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
 * What roles hold, by their versions: fifty times a thousand names take longer to read than to unite, and the members of
 * a tenant share its roles. Nothing here can be stale, since another version is another entry.
 */
export class KnownRoles {
  readonly #tenants = new Map<string, Roles>();
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
      const role = { version, names: names === undefined ? (known.get(id)?.names ?? []) : namesIn(names) };
      roles.set(id, role);
      for (const name of role.names) union.add(name);
    }
    this.#keep(tenant, roles);
    return [...union];
  }

  #keep(tenant: string, roles: Roles): void {
    const before = this.of(tenant);
    const all = new Map([...before, ...roles]);
    const kept = all.size > MAX_TENANT_ROLES ? roles : all;
    this.#names += weightOf(kept) - weightOf(before);
    this.#tenants.set(tenant, kept);
    if (this.#names <= MOST_NAMES) return;
    this.#tenants.clear();
    this.#names = 0;
  }
}

function namesIn(line: string): readonly Permission[] {
  return line === '' ? [] : (line.split(' ') as Permission[]);
}

function weightOf(roles: Roles): number {
  let weight = roles.size;
  for (const role of roles.values()) weight += role.names.length;
  return weight;
}
