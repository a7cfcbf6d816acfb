import type { RoleEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProjectId } from '../project/project.ts';
import type { TenantId } from '../tenant/tenant.ts';
import type { UserId } from '../user/user.ts';
import { EVERYTHING, type Permission, TENANT_KERNEL_PERMISSIONS } from './permission.ts';

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
  readonly #state: RoleState;

  private constructor(state: RoleState) {
    super();
    this.#state = state;
  }

  static compose(input: Omit<RoleState, 'createdAt' | 'updatedAt'>, now: Date): Role {
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

export const OWNER_SLUG = 'owner';

interface StarterRole {
  readonly slug: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly builtIn: boolean;
}

const OWNER: StarterRole = { slug: OWNER_SLUG, name: 'Owner', permissions: [EVERYTHING], builtIn: true };
const ADMIN: StarterRole = { slug: 'admin', name: 'Admin', permissions: TENANT_KERNEL_PERMISSIONS, builtIn: false };
const MEMBER: StarterRole = { slug: 'member', name: 'Member', permissions: [], builtIn: false };
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
