import { describe, expect, it } from 'vitest';
import type { RoleId } from '../../src/domain/role/role.ts';
import { isActiveMembership, MAX_MEMBER_ROLES, Membership } from '../../src/domain/tenant/membership.ts';
import { anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';

const now = new Date();
const later = secondsAfter(now, 60);
const roleIds = (count: number) => Array.from({ length: count }, () => anId<RoleId>());

function aMember(roles: readonly RoleId[] = []): Membership {
  const membership = Membership.join({ projectId: anId(), tenantId: anId(), userId: anId(), roleIds: roles }, now);
  membership.releaseEvents();
  return membership;
}

const eventTypes = (membership: Membership) => membership.releaseEvents().map(({ type }) => type);

describe('membership', () => {
  it('holds each role once, in one order, and is told', () => {
    const [a, b] = [anId<RoleId>(), anId<RoleId>()];
    const place = { projectId: anId<never>(), tenantId: anId<never>(), userId: anId<never>() };
    const membership = Membership.join({ ...place, roleIds: [b, a, b] }, now);

    expect(membership.toState()).toEqual({
      ...place,
      roleIds: [a, b].sort(),
      createdAt: now,
      disabledAt: null,
      deletedAt: null,
    });
    expect(membership.releaseEvents()).toEqual([{ type: 'member-joined', ...place, occurredAt: now.toISOString() }]);
  });

  it('gains and loses roles, and tells of changes only', () => {
    const [first, second] = [anId<RoleId>(), anId<RoleId>()];
    const membership = aMember([first]);
    membership.assign(first, later);
    membership.unassign(second, later);
    expect(eventTypes(membership)).toEqual([]);

    membership.assign(second, later);
    expect(membership.toState().roleIds).toEqual([first, second].sort());
    membership.unassign(first, later);
    expect(membership.toState().roleIds).toEqual([second]);
    expect(eventTypes(membership)).toEqual(['member-roles-changed', 'member-roles-changed']);
  });

  it('has fifty roles and no more, however it comes by them', () => {
    const [extra, ...fifty] = roleIds(MAX_MEMBER_ROLES + 1);
    if (extra === undefined) throw new Error('unreachable');
    const full = aMember(fifty);
    const limit = { code: 'rbac-limit-exceeded', details: { limit: 50 } };

    full.assign(fifty[0] ?? extra, later);
    expect(refusalOf(() => full.assign(extra, later))).toMatchObject(limit);
    expect(full.toState().roleIds).toHaveLength(50);
    expect(refusalOf(() => aMember([extra, ...fifty]))).toMatchObject(limit);
    full.leave(later);
    expect(refusalOf(() => full.rejoin(later, [extra, ...fifty]))).toMatchObject(limit);
  });

  it('opens nothing while it is disabled, and says so once', () => {
    const membership = aMember();
    expect(membership.active).toBe(true);
    membership.disable(later);
    membership.disable(secondsAfter(later, 1));
    expect(membership.active).toBe(false);
    expect(membership.toState().disabledAt).toEqual(later);
    membership.enable(later);
    membership.enable(later);
    expect(membership.active).toBe(true);
    expect(eventTypes(membership)).toEqual(['member-disabled', 'member-enabled']);
  });

  it('ends with what was stored, and begins again with that or with what is given', () => {
    const [old, fresh] = [anId<RoleId>(), anId<RoleId>()];
    const membership = aMember([old]);
    membership.rejoin(later);
    membership.disable(later);
    membership.leave(later);
    membership.leave(secondsAfter(later, 1));
    expect(membership.toState()).toMatchObject({ deletedAt: later, disabledAt: later, roleIds: [old] });
    expect(isActiveMembership(membership.toState())).toBe(false);

    membership.rejoin(later);
    expect(membership.toState()).toMatchObject({ deletedAt: null, disabledAt: null, roleIds: [old] });
    membership.leave(later);
    membership.rejoin(later, [fresh]);
    expect(membership.toState().roleIds).toEqual([fresh]);
    expect(eventTypes(membership)).toEqual([
      'member-disabled',
      'member-removed',
      'member-joined',
      'member-removed',
      'member-joined',
    ]);
  });
});
