import { IamError, invalidField } from '../errors.ts';
import type { RoleEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProjectId } from '../project/project.ts';
import type { TenantId } from '../tenant/tenant.ts';
import type { UserId } from '../user/user.ts';
import { TENANT_KERNEL_PERMISSIONS } from './kernel-permissions.ts';
import { EVERYTHING, type Permission } from './permission.ts';

export type RoleId = Brand<string, 'RoleId'>;
export const RoleId = identifierDoor<RoleId>();

export interface RoleState {
  readonly id: RoleId;
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly name: string;
  /** Unique in the tenant, unchanged by renaming. */
  readonly slug: string;
  readonly description: string | null;
  readonly permissions: readonly Permission[];
  /** The owner role: nobody changes or deletes it. */
  readonly builtIn: boolean;
  readonly createdBy: UserId | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A named set of permissions in a tenant. */
export class Role extends AggregateRoot<RoleEvent> {
  #state: RoleState;

  private constructor(state: RoleState) {
    super();
    this.#state = state;
  }

  /** @throws IamError `rbac-limit-exceeded` */
  static compose(input: Omit<RoleState, 'createdAt' | 'updatedAt'>, now: Date): Role {
    assertFewEnough(input.permissions);
    const role = new Role({ ...input, createdAt: now, updatedAt: now });
    role.record({
      type: 'role-created',
      projectId: input.projectId,
      tenantId: input.tenantId,
      roleId: input.id,
      occurredAt: now.toISOString(),
    });
    return role;
  }

  /** The slug stays what it is. @throws IamError `owner-protected`, `rbac-limit-exceeded` */
  change(
    change: {
      readonly name?: string | undefined;
      readonly description?: string | null | undefined;
      readonly permissions?: readonly Permission[] | undefined;
    },
    now: Date,
  ): void {
    this.#assertOrdinary();
    const { name, description, permissions } = change;
    if (permissions !== undefined) assertFewEnough(permissions);
    this.#state = {
      ...this.#state,
      name: name ?? this.#state.name,
      description: description === undefined ? this.#state.description : description,
      permissions: permissions === undefined ? this.#state.permissions : [...new Set(permissions)].sort(),
      updatedAt: now,
    };
    this.record({ type: 'role-changed', ...this.#happened(now) });
  }

  /** The caller removes it. @throws IamError `owner-protected` */
  delete(now: Date): void {
    this.#assertOrdinary();
    this.record({ type: 'role-deleted', ...this.#happened(now) });
  }

  #assertOrdinary(): void {
    if (this.#state.builtIn) throw new IamError('owner-protected');
  }

  #happened(now: Date): { projectId: string; tenantId: string; roleId: string; occurredAt: string } {
    const { projectId, tenantId, id } = this.#state;
    return { projectId, tenantId, roleId: id, occurredAt: now.toISOString() };
  }

  /** For repositories only. */
  static rehydrate(state: RoleState): Role {
    return new Role(state);
  }

  get id(): RoleId {
    return this.#state.id;
  }

  toState(): RoleState {
    return this.#state;
  }
}

export const MAX_ROLE_PERMISSIONS = 1000;
export const MAX_TENANT_ROLES = 500;

export const OWNER_SLUG = 'owner';
export const ADMIN_SLUG = 'admin';
export const MEMBER_SLUG = 'member';

/** Lower case, hyphens: `Support Manager` becomes `support-manager`. @throws IamError `validation-error` when nothing is left */
export function roleSlug(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (slug === '') {
    const message = 'must have a letter from a to z or a digit';
    throw invalidField('name', message, 'INVALID_FORMAT');
  }
  return slug;
}

function assertFewEnough(permissions: readonly Permission[]): void {
  if (new Set(permissions).size > MAX_ROLE_PERMISSIONS) {
    throw new IamError('rbac-limit-exceeded', { limit: MAX_ROLE_PERMISSIONS });
  }
}

interface StarterRole {
  readonly slug: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly builtIn: boolean;
}

const OWNER: StarterRole = { slug: OWNER_SLUG, name: 'Owner', permissions: [EVERYTHING], builtIn: true };
const ADMIN: StarterRole = { slug: ADMIN_SLUG, name: 'Admin', permissions: TENANT_KERNEL_PERMISSIONS, builtIn: false };
const MEMBER: StarterRole = { slug: MEMBER_SLUG, name: 'Member', permissions: [], builtIn: false };
const USER: StarterRole = { slug: 'user', name: 'User', permissions: [], builtIn: false };

/** Slugs that people of a new project may join its root tenant with. */
export const ROOT_TENANT_ROLES: ReadonlySet<string> = new Set([ADMIN, MEMBER, USER].map(({ slug }) => slug));

/** The roles that a new tenant starts with; a root tenant has the Gate's default role besides. */
export function starterRoles(
  tenant: {
    readonly projectId: ProjectId;
    readonly tenantId: TenantId;
    readonly root: boolean;
    readonly createdBy: UserId | null;
  },
  newId: () => RoleId,
  now: Date,
): { readonly owner: Role; readonly all: readonly Role[] } {
  const compose = (starter: StarterRole): Role =>
    Role.compose(
      {
        ...starter,
        id: newId(),
        projectId: tenant.projectId,
        tenantId: tenant.tenantId,
        description: null,
        createdBy: tenant.createdBy,
      },
      now,
    );
  const owner = compose(OWNER);
  const others = tenant.root ? [ADMIN, MEMBER, USER] : [ADMIN, MEMBER];
  return { owner, all: [owner, ...others.map(compose)] };
}
