import type { TenantEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProjectId } from '../project/project.ts';
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

  static found(input: Pick<TenantState, 'id' | 'projectId' | 'name' | 'ownerId'>, now: Date): Tenant {
    const tenant = new Tenant({ ...input, logoUrl: null, blockedAt: null, createdAt: now, updatedAt: now });
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

  toState(): TenantState {
    return this.#state;
  }
}

/** The name of the tenant that a person gets at registration. */
export function tenantNameFor(person: {
  readonly organization?: string | undefined;
  readonly firstName?: string | undefined;
  readonly email: string;
}): string {
  if (person.organization !== undefined) return person.organization;
  const localPart = person.email.slice(0, person.email.lastIndexOf('@'));
  return `${person.firstName ?? localPart}'s workspace`;
}
