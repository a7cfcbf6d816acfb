import { IamError } from '../errors.ts';
import type { TenantEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProjectId } from '../project/project.ts';
import { MAX_TENANT_ROLES } from '../role/role.ts';
import type { UserId } from '../user/user.ts';

export type TenantId = Brand<string, 'TenantId'>;
export const TenantId = identifierDoor<TenantId>();

export interface TenantState {
  readonly id: TenantId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly logoUrl: string | null;
  /** Exactly one holder of the owner role; only a project's root tenant may be without one. */
  readonly ownerId: UserId | null;
  readonly blockedAt: Date | null;
  /** Sessions that were opened before then are over, also once it is unblocked. */
  readonly lastBlockedAt: Date | null;
  /** How many roles there are: the limit is this aggregate's to keep. */
  readonly roleCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An organisation inside a project: roles, memberships and invitations live here. */
export class Tenant extends AggregateRoot<TenantEvent> {
  #state: TenantState;

  private constructor(state: TenantState) {
    super();
    this.#state = state;
  }

  static found(
    input: Pick<TenantState, 'id' | 'projectId' | 'name' | 'ownerId' | 'roleCount'> & {
      readonly logoUrl?: string | null | undefined;
    },
    now: Date,
  ): Tenant {
    const tenant = new Tenant({
      ...input,
      logoUrl: input.logoUrl ?? null,
      blockedAt: null,
      lastBlockedAt: null,
      createdAt: now,
      updatedAt: now,
    });
    tenant.record({
      type: 'tenant-created',
      projectId: input.projectId,
      tenantId: input.id,
      ownerId: input.ownerId,
      occurredAt: now.toISOString(),
    });
    return tenant;
  }

  /** For repositories only. */
  static rehydrate(state: TenantState): Tenant {
    return new Tenant(state);
  }

  get id(): TenantId {
    return this.#state.id;
  }

  /** The platform's root tenant is founded before its owner exists. */
  entrustTo(ownerId: UserId, now: Date): void {
    this.#state = { ...this.#state, ownerId, updatedAt: now };
  }

  change(
    change: { readonly name?: string | undefined; readonly logoUrl?: string | null | undefined },
    now: Date,
  ): void {
    const { name, logoUrl } = this.#state;
    this.#state = {
      ...this.#state,
      name: change.name ?? name,
      logoUrl: change.logoUrl === undefined ? logoUrl : change.logoUrl,
      updatedAt: now,
    };
    this.record({ type: 'tenant-changed', ...this.#happened(now) });
  }

  /** Nobody is signed in here any more. Idempotent. */
  block(now: Date): void {
    if (this.#state.blockedAt !== null) return;
    this.#state = { ...this.#state, blockedAt: now, lastBlockedAt: now, updatedAt: now };
    this.record({ type: 'tenant-blocked', ...this.#happened(now) });
  }

  /** Idempotent. */
  unblock(now: Date): void {
    if (this.#state.blockedAt === null) return;
    this.#state = { ...this.#state, blockedAt: null, updatedAt: now };
    this.record({ type: 'tenant-unblocked', ...this.#happened(now) });
  }

  /** The owner role moves in the same commit. */
  transferTo(ownerId: UserId, now: Date): void {
    const previousOwnerId = this.#state.ownerId;
    this.#state = { ...this.#state, ownerId, updatedAt: now };
    this.record({ type: 'tenant-transferred', ...this.#happened(now), ownerId, previousOwnerId });
  }

  /** One more role. @throws IamError `rbac-limit-exceeded` */
  addRole(): void {
    if (this.#state.roleCount >= MAX_TENANT_ROLES)
      throw new IamError('rbac-limit-exceeded', { limit: MAX_TENANT_ROLES });
    this.#state = { ...this.#state, roleCount: this.#state.roleCount + 1 };
  }

  removeRole(): void {
    this.#state = { ...this.#state, roleCount: this.#state.roleCount - 1 };
  }

  toState(): TenantState {
    return this.#state;
  }

  #happened(now: Date): { projectId: string; tenantId: string; occurredAt: string } {
    return { projectId: this.#state.projectId, tenantId: this.#state.id, occurredAt: now.toISOString() };
  }
}

/** The name of the tenant that a person gets at registration. */
export function tenantNameFor(person: {
  readonly organization?: string | undefined;
  readonly firstName?: string | undefined;
  readonly email: string | null;
}): string {
  if (person.organization !== undefined) return person.organization;
  const name = person.firstName ?? person.email?.slice(0, person.email.lastIndexOf('@'));
  return name === undefined ? 'Workspace' : `${name}'s workspace`;
}
