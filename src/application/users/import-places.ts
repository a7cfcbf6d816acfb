import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { OWNER_SLUG, type Role, type RoleId } from '../../domain/role/role.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { wrong } from './import-outcome.ts';
import { ROOT, type TenantOfRecord, type UserRecord } from './user-record.ts';

/** A tenant that somebody joins. */
export interface Place {
  readonly tenantId: TenantId;
  readonly roleIds: readonly RoleId[];
  readonly disabled: boolean;
}

type Places = Pick<Repositories, 'tenants' | 'roles'>;

/** Where the people of one commit go. Every tenant and role is looked up once. */
export class ImportPlaces {
  readonly #repositories: Places;
  readonly #project: ProjectState;
  readonly #tenants = new Map<TenantId, boolean>();
  readonly #roles = new Map<string, Role | undefined>();

  constructor(repositories: Places, project: ProjectState) {
    this.#repositories = repositories;
    this.#project = project;
  }

  /** @throws IamError `validation-error` for a tenant or a role that there is not, `owner-protected` */
  async of({ roles, tenants }: UserRecord): Promise<readonly Place[]> {
    if (roles === undefined && tenants === undefined) return this.#byDefault();
    const inRoot = roles === undefined ? [] : [await this.#place({ id: ROOT, roles }, '')];
    const places = [...inRoot];
    for (const [index, tenant] of (tenants ?? []).entries()) {
      const field = `tenants.${index}.`;
      const place = await this.#place(tenant, field);
      if (places.some(({ tenantId }) => tenantId === place.tenantId)) throw wrong(`${field}id`, 'is there twice');
      places.push(place);
    }
    return places;
  }

  /** As whoever registers: whoever may have a tenant of their own gets it by the first sign-in. The role may be gone. */
  async #byDefault(): Promise<readonly Place[]> {
    const { rootTenantId: tenantId, settings } = this.#project;
    if (settings.selfServiceTenants) return [];
    const role = await this.#role(tenantId, settings.defaultRole);
    return [{ tenantId, roleIds: role === undefined ? [] : [role.id], disabled: false }];
  }

  async #place({ id, roles, disabled = false }: TenantOfRecord, field: string): Promise<Place> {
    const tenantId = id === ROOT ? this.#project.rootTenantId : id;
    if (!(await this.#exists(tenantId))) throw wrong(`${field}id`, 'is no tenant of the project');
    const roleIds: RoleId[] = [];
    for (const [index, slug] of roles.entries()) {
      if (slug === OWNER_SLUG) throw new IamError('owner-protected');
      const role = await this.#role(tenantId, slug);
      if (role === undefined) throw wrong(`${field}roles.${index}`, 'is no role of the tenant');
      roleIds.push(role.id);
    }
    return { tenantId, roleIds, disabled };
  }

  async #exists(id: TenantId): Promise<boolean> {
    const known = this.#tenants.get(id);
    if (known !== undefined) return known;
    const exists = (await this.#repositories.tenants.byId(this.#project.id, id)) !== undefined;
    this.#tenants.set(id, exists);
    return exists;
  }

  async #role(tenantId: TenantId, slug: string): Promise<Role | undefined> {
    const key = `${tenantId} ${slug}`;
    if (!this.#roles.has(key)) {
      this.#roles.set(key, await this.#repositories.roles.bySlug(this.#project.id, tenantId, slug));
    }
    return this.#roles.get(key);
  }
}
