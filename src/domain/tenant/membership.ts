import { IamError } from '../errors.ts';
import type { MembershipEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { ProjectId } from '../project/project.ts';
import type { RoleId } from '../role/role.ts';
import type { UserId } from '../user/user.ts';
import type { TenantId } from './tenant.ts';

export const MAX_MEMBER_ROLES = 50;

export interface MembershipState {
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** Sorted, without duplicates. */
  readonly roleIds: readonly RoleId[];
  readonly createdAt: Date;
  /** Out of use here, while the account lives on. */
  readonly disabledAt: Date | null;
  /** Removed from here; what was stored is kept. */
  readonly deletedAt: Date | null;
}

/** A user in a tenant, with roles: what the tenant's admins govern. */
export class Membership extends AggregateRoot<MembershipEvent> {
  #state: MembershipState;

  private constructor(state: MembershipState) {
    super();
    this.#state = state;
  }

  /** @throws IamError `rbac-limit-exceeded` */
  static join(input: Pick<MembershipState, 'projectId' | 'tenantId' | 'userId' | 'roleIds'>, now: Date): Membership {
    const roleIds = sorted(input.roleIds);
    const membership = new Membership({ ...input, roleIds, createdAt: now, disabledAt: null, deletedAt: null });
    membership.record({ type: 'member-joined', ...membership.#happened(now) });
    return membership;
  }

  /** For repositories only. */
  static rehydrate(state: MembershipState): Membership {
    return new Membership(state);
  }

  /** Whether it opens anything. */
  get active(): boolean {
    return isActiveMembership(this.#state);
  }

  /** Idempotent. @throws IamError `rbac-limit-exceeded` */
  assign(roleId: RoleId, now: Date): void {
    if (this.#state.roleIds.includes(roleId)) return;
    this.#changeRoles([...this.#state.roleIds, roleId], now);
  }

  /** Idempotent. */
  unassign(roleId: RoleId, now: Date): void {
    if (!this.#state.roleIds.includes(roleId)) return;
    this.#changeRoles(
      this.#state.roleIds.filter((id) => id !== roleId),
      now,
    );
  }

  /** Idempotent. */
  disable(now: Date): void {
    if (this.#state.disabledAt !== null) return;
    this.#state = { ...this.#state, disabledAt: now };
    this.record({ type: 'member-disabled', ...this.#happened(now) });
  }

  /** Idempotent. */
  enable(now: Date): void {
    if (this.#state.disabledAt === null) return;
    this.#state = { ...this.#state, disabledAt: null };
    this.record({ type: 'member-enabled', ...this.#happened(now) });
  }

  /** Idempotent. */
  leave(now: Date): void {
    if (this.#state.deletedAt !== null) return;
    this.#state = { ...this.#state, deletedAt: now };
    this.record({ type: 'member-removed', ...this.#happened(now) });
  }

  /** Back again, with these roles if any are given. Idempotent. @throws IamError `rbac-limit-exceeded` */
  rejoin(now: Date, roleIds: readonly RoleId[] = this.#state.roleIds): void {
    if (this.#state.deletedAt === null) return;
    this.#state = { ...this.#state, deletedAt: null, disabledAt: null, roleIds: sorted(roleIds) };
    this.record({ type: 'member-joined', ...this.#happened(now) });
  }

  toState(): MembershipState {
    return this.#state;
  }

  #changeRoles(roleIds: readonly RoleId[], now: Date): void {
    this.#state = { ...this.#state, roleIds: sorted(roleIds) };
    this.record({ type: 'member-roles-changed', ...this.#happened(now) });
  }

  #happened(now: Date): { projectId: string; tenantId: string; userId: string; occurredAt: string } {
    const { projectId, tenantId, userId } = this.#state;
    return { projectId, tenantId, userId, occurredAt: now.toISOString() };
  }
}

export function isActiveMembership({
  disabledAt,
  deletedAt,
}: Pick<MembershipState, 'disabledAt' | 'deletedAt'>): boolean {
  return disabledAt === null && deletedAt === null;
}

function sorted(roleIds: readonly RoleId[]): readonly RoleId[] {
  const distinct = [...new Set(roleIds)].sort();
  if (distinct.length > MAX_MEMBER_ROLES) throw new IamError('rbac-limit-exceeded', { limit: MAX_MEMBER_ROLES });
  return distinct;
}
