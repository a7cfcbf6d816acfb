import type { MembershipEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { ProjectId } from '../project/project.ts';
import type { RoleId } from '../role/role.ts';
import type { UserId } from '../user/user.ts';
import type { TenantId } from './tenant.ts';

export interface MembershipState {
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** Sorted, without duplicates. */
  readonly roleIds: readonly RoleId[];
  readonly createdAt: Date;
}

/** A user in a tenant, with roles: what the tenant's admins govern. */
export class Membership extends AggregateRoot<MembershipEvent> {
  readonly #state: MembershipState;

  private constructor(state: MembershipState) {
    super();
    this.#state = state;
  }

  static join(input: Omit<MembershipState, 'createdAt'>, now: Date): Membership {
    const membership = new Membership({ ...input, roleIds: [...new Set(input.roleIds)].sort(), createdAt: now });
    membership.record({
      type: 'member-joined',
      projectId: input.projectId,
      tenantId: input.tenantId,
      userId: input.userId,
      occurredAt: now.toISOString(),
    });
    return membership;
  }

  /** For repositories only. */
  static rehydrate(state: MembershipState): Membership {
    return new Membership(state);
  }

  toState(): MembershipState {
    return this.#state;
  }
}
