import { EVERYTHING, isPlatformOnly, moduleOf, type Permission, TENANT_KERNEL_PERMISSIONS } from './permission.ts';

/** What a person may do in one tenant: the union of their roles, compiled once so that a check is O(1). */
export class EffectivePermissions {
  readonly #granted: ReadonlySet<string>;
  readonly #ownsPlatform: boolean;

  /** `platform`: the tenant is the platform's root tenant, whose owner holds the platform-only names too. */
  constructor(granted: Iterable<Permission>, options: { readonly platform: boolean }) {
    this.#granted = new Set(granted);
    this.#ownsPlatform = options.platform && this.#granted.has(EVERYTHING);
  }

  /** The exact name first, then `{module}.*`, then `*`. Nothing matches a platform-only name but owning the platform. */
  allows(permission: string): boolean {
    if (isPlatformOnly(permission)) return this.#ownsPlatform;
    return (
      this.#granted.has(permission) || this.#granted.has(`${moduleOf(permission)}.*`) || this.#granted.has(EVERYTHING)
    );
  }

  /** The names as granted, sorted: the union of the roles. */
  names(): readonly string[] {
    return [...this.#granted].sort();
  }

  /** For a token: `*` spelled out as the kernel's names, platform-only names left out. */
  claimableNames(): readonly string[] {
    const names = new Set(this.#granted);
    if (names.delete(EVERYTHING)) for (const permission of TENANT_KERNEL_PERMISSIONS) names.add(permission);
    return [...names].filter((name) => !isPlatformOnly(name)).sort();
  }
}
