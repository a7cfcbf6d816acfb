import { describe, expect, it } from 'vitest';
import { KnownRoles } from '../../src/adapters/persistence/directories/known-roles.ts';
import { MAX_TENANT_ROLES, type RoleId } from '../../src/domain/role/role.ts';
import { anId } from '../support/builders.ts';

const TENANT = 'a tenant';

describe('what roles are known to hold', () => {
  const namesOf = (count: number, prefix = 'crm') => Array.from({ length: count }, (_, index) => `${prefix}.${index}`);
  const sent = (id: RoleId, version: number, names?: readonly string[]) => [id, version, names?.join(' ')] as const;

  it('is used again for as long as the version is the same', () => {
    const roles = new KnownRoles();
    const [first, second] = [anId<RoleId>(), anId<RoleId>()];
    const read = [sent(first, 1, ['a.b', 'c.d']), sent(second, 1, ['c.d', 'e.f'])];
    expect(roles.union(TENANT, roles.of(TENANT), read)).toEqual(['a.b', 'c.d', 'e.f']);

    const known = roles.of(TENANT);
    expect([...known].map(([id, { version }]) => [id, version])).toEqual([
      [first, 1],
      [second, 1],
    ]);
    expect(roles.union(TENANT, known, [sent(first, 2, ['x.y']), sent(second, 1)])).toEqual(['x.y', 'c.d', 'e.f']);
    expect(roles.of(TENANT).get(first)?.version).toBe(2);
    expect(roles.of('another tenant').size).toBe(0);
  });

  it('is what was known when it was asked for, whatever others have learnt meanwhile', () => {
    const roles = new KnownRoles();
    const id = anId<RoleId>();
    roles.union(TENANT, roles.of(TENANT), [sent(id, 1, ['old.name'])]);
    const then = roles.of(TENANT);
    roles.union(TENANT, then, [sent(id, 2, ['new.name'])]);

    expect(roles.union(TENANT, then, [sent(id, 1)])).toEqual(['old.name']);
  });

  it('is nothing for a role that holds nothing', () => {
    const roles = new KnownRoles();
    expect(roles.union(TENANT, roles.of(TENANT), [sent(anId(), 1, [])])).toEqual([]);
    expect(roles.union(TENANT, roles.of(TENANT), [])).toEqual([]);
  });

  it('is forgotten before it is too much, and learnt again', () => {
    const roles = new KnownRoles();
    const ids = Array.from({ length: 600 }, () => anId<RoleId>());
    for (const [index, id] of ids.entries()) {
      const tenant = `tenant ${index}`;
      expect(roles.union(tenant, roles.of(tenant), [sent(id, 1, namesOf(1000))])).toHaveLength(1000);
    }
    const kept = ids.filter((_, index) => roles.of(`tenant ${index}`).size > 0);
    expect(kept.length).toBeLessThan(500);
    expect(kept.length).toBeGreaterThan(0);
  });

  it('does not grow with the roles that a tenant had once', () => {
    const roles = new KnownRoles();
    for (let made = 0; made < 3 * MAX_TENANT_ROLES; made += 1) {
      roles.union(TENANT, roles.of(TENANT), [sent(anId(), 1, [])]);
    }
    expect(roles.of(TENANT).size).toBeLessThanOrEqual(MAX_TENANT_ROLES);
  });
});
