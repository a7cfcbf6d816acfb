import { describe, expect, it } from 'vitest';
import { TENANT_KERNEL_PERMISSIONS } from '../../src/domain/role/kernel-permissions.ts';
import type { Permission } from '../../src/domain/role/permission.ts';
import { roleSlug } from '../../src/domain/role/role.ts';
import { anId, aTenant } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';
import { aRole } from '../support/tenancy.ts';

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

describe('a role', () => {
  const later = secondsAfter(now, 60);
  const place = { projectId: anId<never>(), tenantId: anId<never>() };
  const names = (count: number) =>
    Array.from({ length: count }, (_, index) => `crm.a${index}`) as unknown as Permission[];

  it('changes what was given, keeps its slug, and holds each name once', () => {
    const role = aRole(now, place, 'support', ['crm.read'], { description: 'Helps' });
    role.releaseEvents();
    role.change({ name: 'Help Desk' }, later);
    expect(role.toState()).toMatchObject({
      name: 'Help Desk',
      slug: 'support',
      description: 'Helps',
      updatedAt: later,
    });
    role.change({ description: null, permissions: ['b.c', 'a.b', 'b.c'] as unknown as Permission[] }, later);
    expect(role.toState()).toMatchObject({ name: 'Help Desk', description: null, permissions: ['a.b', 'b.c'] });
    expect(role.releaseEvents().map(({ type }) => type)).toEqual(['role-changed', 'role-changed']);
  });

  it('holds a thousand names and no more, each counted once', () => {
    const limit = { code: 'rbac-limit-exceeded', details: { limit: 1000 } };
    const role = aRole(now, place, 'full', [...names(1000), ...names(5)]);
    expect(refusalOf(() => aRole(now, place, 'fuller', names(1001)))).toMatchObject(limit);
    expect(refusalOf(() => role.change({ permissions: names(1001) }, later))).toMatchObject(limit);
    role.change({ permissions: [...names(1000), ...names(5)] }, later);
    expect(role.toState().permissions).toHaveLength(1000);
  });

  it('that is built in stays as it is', () => {
    const { ownerRole } = aTenant(now, { projectId: anId() });
    for (const attempt of [() => ownerRole.change({ name: 'Boss' }, later), () => ownerRole.delete(later)]) {
      expect(refusalOf(attempt)).toMatchObject({ code: 'owner-protected' });
    }
    expect(ownerRole.toState().name).toBe('Owner');
  });

  it('tells when it goes', () => {
    const role = aRole(now, place, 'support');
    role.releaseEvents();
    role.delete(later);
    expect(role.releaseEvents()).toMatchObject([{ type: 'role-deleted', roleId: role.id }]);
  });

  it.each([
    ['Support Manager', 'support-manager'],
    ['  Élan & Co.  ', 'elan-co'],
    ['R2--D2', 'r2-d2'],
    ['Ⅳ', 'iv'],
  ])('named %j has the slug %s', (name, slug) => {
    expect(roleSlug(name)).toBe(slug);
  });

  it.each(['', '  ', '管理者', '***'])('has no slug when nothing of its name is left: %j', (name) => {
    expect(refusalOf(() => roleSlug(name))).toMatchObject({ code: 'validation-error' });
  });
});
