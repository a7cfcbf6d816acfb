import { describe, expect, it } from 'vitest';
import { EffectivePermissions } from '../../src/domain/role/effective-permissions.ts';
import { TENANT_KERNEL_PERMISSIONS } from '../../src/domain/role/kernel-permissions.ts';
import type { Permission } from '../../src/domain/role/permission.ts';

const granted = (names: readonly string[], platform = false) =>
  new EffectivePermissions(names as readonly Permission[], { platform });

const PLATFORM_ONLY = [
  'system.restart',
  'platform.read',
  'tenants.list',
  'modules.install',
  'users.impersonate',
  'system',
];

describe('effective permissions', () => {
  it('allow exactly what is named', () => {
    const permissions = granted(['users.list', 'crm:read', 'billing.view.all']);

    for (const name of ['users.list', 'crm:read', 'billing.view.all']) expect(permissions.allows(name)).toBe(true);
    for (const name of ['users', 'users.', 'users.list.all', 'users.create', 'crm', 'crm:write', 'billing.view', '']) {
      expect(permissions.allows(name)).toBe(false);
    }
  });

  it('allow a whole module by its wildcard, and no other module', () => {
    const permissions = granted(['crm.*']);

    for (const name of ['crm.tickets', 'crm.tickets.close', 'crm.*']) expect(permissions.allows(name)).toBe(true);
    for (const name of ['crmx.tickets', 'cr.m', 'billing.view', '*']) expect(permissions.allows(name)).toBe(false);
  });

  it('know wildcards of modules only, not of what is in them', () => {
    expect(granted(['crm.tickets.*']).allows('crm.tickets.close')).toBe(false);
  });

  it('allow everything but the platform to the owner of a tenant', () => {
    const owner = granted(['*']);

    for (const name of ['users.list', 'crm.tickets.close', 'crm:read', '*']) expect(owner.allows(name)).toBe(true);
    for (const name of PLATFORM_ONLY) expect(owner.allows(name)).toBe(false);
  });

  it('allow platform-only names to the owner of the platform alone', () => {
    for (const name of PLATFORM_ONLY) {
      expect(granted(['*'], true).allows(name)).toBe(true);
      expect(granted([name, 'system.*', 'users.*'], true).allows(name)).toBe(false);
      expect(granted([name, 'system.*', 'users.*', '*']).allows(name)).toBe(false);
    }
  });

  it('allow nothing to nobody', () => {
    expect(granted([]).allows('users.list')).toBe(false);
    expect(granted([], true).allows('users.list')).toBe(false);
  });

  it('are the union of the roles, named once, sorted', () => {
    expect(granted(['users.list', 'audit.read', 'users.list']).names()).toEqual(['audit.read', 'users.list']);
  });

  it('are claimed in a token with everything spelled out and nothing of the platform', () => {
    expect(granted(['*', 'crm.read', 'system.restart'], true).claimableNames()).toEqual(
      [...TENANT_KERNEL_PERMISSIONS, 'crm.read'].sort(),
    );
    expect(granted(['users.impersonate', 'crm.*']).claimableNames()).toEqual(['crm.*']);
  });

  it('tell what matched: the exact name first, then the wildcard, then everything', () => {
    const all = granted(['*', 'crm.*', 'crm.read']);
    expect(['crm.read', 'crm.write', 'users.list', 'crm:read'].map((name) => all.match(name))).toEqual([
      'crm.read',
      'crm.*',
      '*',
      '*',
    ]);
    expect(granted(['crm.*']).match('users.list')).toBeUndefined();
    expect(all.match('tenants.list')).toBeUndefined();
    expect(granted(['*'], true).match('tenants.list')).toBe('*');
  });

  it.each([
    [['crm.read'], ['crm.read', 'users.list'], undefined],
    [['crm.read', 'crm.write'], ['crm.*'], undefined],
    [['crm.*'], ['crm.*'], undefined],
    [['crm.*', 'a.b'], ['*'], undefined],
    [[], [], undefined],
    [['crm.read', 'crm.write'], ['crm.read'], 'crm.write'],
    [['crm.*'], ['crm.read'], 'crm.*'],
    [['*'], ['crm.*', 'users.*'], '*'],
  ])('know of %j what %j lack: %s', (others, mine, lacking) => {
    expect(granted(mine).firstLacking(granted(others))).toBe(lacking);
  });

  it('know that nobody has what the owner of the platform has', () => {
    const [platform, tenant] = [granted(['*'], true), granted(['*'])];
    expect(tenant.firstLacking(platform)).toBe('*');
    expect(platform.firstLacking(tenant)).toBeUndefined();
    expect(platform.firstLacking(platform)).toBeUndefined();
  });

  it('are spelled out with the names of the platform for its owner alone', () => {
    expect(granted(['*', 'crm.read']).spelledOut()).toEqual(['*', 'crm.read']);
    const spelledOut = granted(['*'], true).spelledOut();
    expect(spelledOut[0]).toBe('*');
    expect(spelledOut).toEqual(expect.arrayContaining(['tenants.list', 'users.impersonate', 'system.backup']));
    expect(spelledOut).not.toContain('users.list');
  });
});
