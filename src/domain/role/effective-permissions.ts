import { isPlatformOnly, KERNEL_PERMISSIONS, TENANT_KERNEL_PERMISSIONS } from './kernel-permissions.ts';
import { EVERYTHING, type Permission, wildcardOf } from './permission.ts';

/** What a person may do in one tenant: the union of their roles, compiled once so that a check is O(1). */
export class EffectivePermissions {
  readonly #granted: ReadonlySet<string>;
  readonly #ownsPlatform: boolean;

  /** `platform`: the tenant is the platform's root tenant, whose owner holds the platform-only names too. */
  constructor(granted: Iterable<Permission>, options: { readonly platform: boolean }) {
    this.#granted = new Set(granted);
    this.#ownsPlatform = options.platform && this.#granted.has(EVERYTHING);
  }

  allows(permission: string): boolean {
    return this.match(permission) !== undefined;
  }

  /**
   * What of the granted names allows a permission: the exact name first, then `{module}.*`, then `*`. Nothing matches a
   * platform-only name but owning the platform. A wildcard itself is allowed by holding it, or `*`.
   */
  match(permission: string): Permission | undefined {
    if (isPlatformOnly(permission)) return this.#ownsPlatform ? EVERYTHING : undefined;
    if (this.#granted.has(permission)) return permission as Permission;
    const wildcard = wildcardOf(permission);
    if (wildcard !== undefined && this.#granted.has(wildcard)) return wildcard as Permission;
    return this.#granted.has(EVERYTHING) ? EVERYTHING : undefined;
  }

  /** The first of `permissions` that is not held here. What only the platform's owner has counts too. */
  firstLacking(others: EffectivePermissions): Permission | undefined {
    if (others.#ownsPlatform && !this.#ownsPlatform) return EVERYTHING;
    if (others.#granted.has(EVERYTHING)) return this.#granted.has(EVERYTHING) ? undefined : EVERYTHING;
    return [...others.#granted].find((name) => !this.allows(name)) as Permission | undefined;
  }

  /** The names as granted, sorted: the union of the roles. */
  names(): readonly Permission[] {
    return [...this.#granted].sort() as Permission[];
  }

  /** The same, with the platform-only names spelled out for whoever owns the platform. */
  spelledOut(): readonly Permission[] {
    const kernel = this.#ownsPlatform ? KERNEL_PERMISSIONS.map(({ name }) => name).filter(isPlatformOnly) : [];
    return [...this.names(), ...kernel];
  }

  /** For a token: `*` spelled out as the kernel's names, platform-only names left out. */
  claimableNames(): readonly string[] {
    const names = new Set(this.#granted);
    if (names.delete(EVERYTHING)) for (const permission of TENANT_KERNEL_PERMISSIONS) names.add(permission);
    return [...names].filter((name) => !isPlatformOnly(name)).sort();
  }
}
