import { describe, expect, it } from 'vitest';
import { TENANT_KERNEL_PERMISSIONS } from '../../src/domain/role/kernel-permissions.ts';
import type { RoleId } from '../../src/domain/role/role.ts';
import { Membership } from '../../src/domain/tenant/membership.ts';
import { tenantNameFor } from '../../src/domain/tenant/tenant.ts';
import { anId, aTenant } from '../support/builders.ts';

const now = new Date();

describe('starter roles', () => {
  it('are owner, admin and member', () => {
    const { ownerRole, roles } = aTenant(now, { projectId: anId() });
    const states = roles.map((role) => role.toState());

    expect(states.map(({ slug }) => slug)).toEqual(['owner', 'admin', 'member']);
    expect(states.map(({ permissions }) => permissions)).toEqual([['*'], TENANT_KERNEL_PERMISSIONS, []]);
    expect(states.filter(({ builtIn }) => builtIn).map(({ slug }) => slug)).toEqual(['owner']);
    expect(ownerRole).toBe(roles[0]);
  });

  it('of a root tenant have the default role of the Gate besides', () => {
    const { roles } = aTenant(now, { projectId: anId(), root: true });

    expect(roles.map((role) => role.toState().slug)).toEqual(['owner', 'admin', 'member', 'user']);
  });

  it('belong to their tenant, under ids of their own, and are told', () => {
    const { tenant, roles } = aTenant(now, { projectId: anId() });

    expect(new Set(roles.map(({ id }) => id)).size).toBe(roles.length);
    for (const role of roles) {
      expect(role.toState()).toMatchObject({ tenantId: tenant.id, projectId: tenant.toState().projectId });
      expect(role.releaseEvents()).toMatchObject([{ type: 'role-created', tenantId: tenant.id, roleId: role.id }]);
    }
  });
});

describe('membership', () => {
  it('holds each role once, in one order', () => {
    const [a, b] = [anId<RoleId>(), anId<RoleId>()];
    const membership = Membership.join(
      { projectId: anId(), tenantId: anId(), userId: anId(), roleIds: [b, a, b] },
      now,
    );

    expect(membership.toState().roleIds).toEqual([a, b].sort());
    expect(membership.releaseEvents()).toMatchObject([{ type: 'member-joined' }]);
  });
});

describe('tenant name at registration', () => {
  it.each([
    [{ organization: 'Acme', firstName: 'Ada', email: 'ada@example.test' }, 'Acme'],
    [{ firstName: 'Ada', email: 'a.l@example.test' }, "Ada's workspace"],
    [{ email: 'a.l@example.test' }, "a.l's workspace"],
  ])('for %j is %s', (person, name) => {
    expect(tenantNameFor(person)).toBe(name);
  });
});
