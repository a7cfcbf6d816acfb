import { describe, expect, it } from 'vitest';
import { MAX_TENANT_ROLES } from '../../src/domain/role/role.ts';
import { Tenant, tenantNameFor } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';

const now = new Date();
const later = secondsAfter(now, 60);

function aFoundedTenant(roleCount = 3, ownerId = anId<UserId>()): Tenant {
  const tenant = Tenant.found({ id: anId(), projectId: anId(), name: 'Acme', ownerId, roleCount }, now);
  tenant.releaseEvents();
  return tenant;
}

const eventTypes = (tenant: Tenant) => tenant.releaseEvents().map(({ type }) => type);

describe('a tenant', () => {
  it('is told of when it is founded', () => {
    const ownerId = anId<UserId>();
    const logoUrl = 'https://acme.test/logo.svg';
    const tenant = Tenant.found({ id: anId(), projectId: anId(), name: 'Acme', ownerId, roleCount: 3, logoUrl }, now);
    expect(tenant.toState()).toMatchObject({ name: 'Acme', ownerId, logoUrl, blockedAt: null, createdAt: now });
    expect(tenant.releaseEvents()).toMatchObject([{ type: 'tenant-created', tenantId: tenant.id, ownerId }]);
  });

  it('changes what was given, a logo also to null', () => {
    const tenant = aFoundedTenant();
    tenant.change({ logoUrl: 'https://acme.test/logo.svg' }, later);
    expect(tenant.toState()).toMatchObject({ name: 'Acme', logoUrl: 'https://acme.test/logo.svg', updatedAt: later });
    tenant.change({ name: 'Ajax', logoUrl: null }, later);
    expect(tenant.toState()).toMatchObject({ name: 'Ajax', logoUrl: null });
    expect(eventTypes(tenant)).toEqual(['tenant-changed', 'tenant-changed']);
  });

  it('is blocked and unblocked once, and remembers that it was', () => {
    const tenant = aFoundedTenant();
    tenant.unblock(now);
    tenant.block(later);
    tenant.block(secondsAfter(later, 1));
    expect(tenant.toState().blockedAt).toEqual(later);
    tenant.unblock(secondsAfter(later, 2));
    tenant.unblock(secondsAfter(later, 3));
    expect(tenant.toState()).toMatchObject({ blockedAt: null, lastBlockedAt: later });
    expect(eventTypes(tenant)).toEqual(['tenant-blocked', 'tenant-unblocked']);
  });

  it('passes to another owner, and says from whom to whom', () => {
    const [from, to] = [anId<UserId>(), anId<UserId>()];
    const tenant = aFoundedTenant(3, from);
    tenant.transferTo(to, later);
    expect(tenant.toState()).toMatchObject({ ownerId: to, updatedAt: later });
    const passed = { type: 'tenant-transferred', ownerId: to, previousOwnerId: from };
    expect(tenant.releaseEvents()).toMatchObject([passed]);
  });

  it('has five hundred roles and no more', () => {
    const tenant = aFoundedTenant(MAX_TENANT_ROLES - 1);
    tenant.addRole();
    const limit = { code: 'rbac-limit-exceeded', details: { limit: 500 } };
    expect(refusalOf(() => tenant.addRole())).toMatchObject(limit);
    expect(tenant.toState().roleCount).toBe(500);
    tenant.removeRole();
    tenant.addRole();
    expect(tenant.toState().roleCount).toBe(500);
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
