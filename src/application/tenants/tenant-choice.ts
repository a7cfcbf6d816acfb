import { OWNER_SLUG } from '../../domain/role/role.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { TenantOfUser } from '../../ports/directories/tenant-directory.ts';

/** A tenant, offered to one of its members. */
export interface TenantChoice {
  readonly id: TenantId;
  readonly name: string;
  readonly logoUrl: string | null;
  /** The most telling one: `owner`, else the first by slug. */
  readonly role: string | null;
  readonly roles: readonly string[];
}

export function tenantChoice({ tenant, roles }: TenantOfUser): TenantChoice {
  const { slugs } = roles;
  return {
    id: tenant.id,
    name: tenant.name,
    logoUrl: tenant.logoUrl,
    role: slugs.includes(OWNER_SLUG) ? OWNER_SLUG : (slugs[0] ?? null),
    roles: slugs,
  };
}
