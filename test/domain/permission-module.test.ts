import { describe, expect, it } from 'vitest';
import { KERNEL_MODULES } from '../../src/domain/role/kernel-permissions.ts';
import { moduleOf, Permission, wildcardOf } from '../../src/domain/role/permission.ts';
import { PermissionModule } from '../../src/domain/role/permission-module.ts';
import { anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';
import { aModule } from '../support/tenancy.ts';

const now = new Date();
const place = { projectId: anId<never>() };

describe('a module', () => {
  it('registers names under its own prefix, and tells so', () => {
    const module = aModule(now, place, 'crm', ['crm.read', 'crm.tickets.close', 'crm:read', 'crm:a.b']);
    expect(module.toState()).toMatchObject({ ...place, name: 'crm', createdAt: now, updatedAt: now });
    expect(module.toState().permissions.map(({ name }) => name)).toEqual([
      'crm.read',
      'crm.tickets.close',
      'crm:read',
      'crm:a.b',
    ]);
    expect(module.releaseEvents()).toMatchObject([{ type: 'module-installed', module: 'crm' }]);
  });

  it.each([...KERNEL_MODULES].flatMap((name) => [name, name.toUpperCase(), ` ${name} `]))(
    'has no name of the kernel: %j',
    (name) => {
      const install = () => PermissionModule.install({ ...place, name, permissions: [] }, now);
      expect(refusalOf(install)).toMatchObject({ code: 'reserved-permission', details: { permission: name } });
    },
  );

  it.each(['', 'a.b', 'a:b', 'Crm', 'crm ', 'ümlaut', '*', 'crm.*', 'a'.repeat(65)])(
    'has one segment: not %j',
    (name) => {
      const violations = [{ field: 'name', code: 'INVALID_FORMAT' }];
      const install = () => PermissionModule.install({ ...place, name, permissions: [] }, now);
      expect(refusalOf(install)).toMatchObject({ code: 'validation-error', details: { violations } });
    },
  );

  it.each([
    'crm',
    'crm.',
    'crm..a',
    'crm2.read',
    'cr.read',
    'other.read',
    'crm.Read',
    'crm.*',
    'crm.a b',
    `crm.${'a'.repeat(125)}`,
  ])('registers no name outside of its prefix or form: %j', (name) => {
    const violations = [{ field: 'permissions.1.name', code: 'INVALID_FORMAT' }];
    const install = () => aModule(now, place, 'crm', ['crm.read', name]);
    expect(refusalOf(install)).toMatchObject({ code: 'validation-error', details: { violations } });
  });

  it.each(['users.list', 'USERS.list', 'system:restart', 'tenants', '*'])(
    'registers no name of the kernel: %j',
    (name) => {
      const code = name === '*' ? 'validation-error' : 'reserved-permission';
      expect(refusalOf(() => aModule(now, place, 'crm', [name]))).toMatchObject({ code });
    },
  );

  it('gives way to another release of itself, and goes', () => {
    const later = secondsAfter(now, 60);
    const module = aModule(now, place, 'crm', ['crm.read', 'crm.write']);
    module.releaseEvents();
    module.replace(aModule(later, place, 'crm', ['crm.list', 'crm.read']), later);
    module.uninstall(later);

    expect(module.toState().permissions.map(({ name }) => name)).toEqual(['crm.list', 'crm.read']);
    expect(module.toState()).toMatchObject({ createdAt: now, updatedAt: later });
    expect(module.releaseEvents().map(({ type }) => type)).toEqual(['module-installed', 'module-uninstalled']);
  });
});

describe('a permission of a role', () => {
  const known = {
    hasName: (name: string) => ['crm.read', 'crm:read', 'users.list'].includes(name),
    hasModule: (name: string) => ['crm', 'users'].includes(name),
  };

  it.each(['crm.read', 'crm:read', 'users.list', 'crm.*', 'users.*'])('may be %s', (name) => {
    expect(Permission.forRole(name, known)).toBe(name);
  });

  it.each([
    '*',
    ' * ',
    'tenants.list',
    'TENANTS.list',
    'system.*',
    'platform.*',
    'modules.*',
    'users.impersonate',
    ' System.backup',
  ])('is never the platform’s or everything, in any spelling: %j', (permission) => {
    const refusal = { code: 'reserved-permission', details: { permission } };
    expect(refusalOf(() => Permission.forRole(permission, known))).toMatchObject(refusal);
  });

  it.each(['crm.write', 'other.*', 'crm.tickets.*', 'crm:*', 'CRM.read', 'crm.read ', '', 'crm', '*.read'])(
    'is nothing that is not registered: %j',
    (permission) => {
      const refusal = { code: 'unknown-permission', details: { permission } };
      expect(refusalOf(() => Permission.forRole(permission, known))).toMatchObject(refusal);
    },
  );

  it.each([
    ['crm.tickets.close', 'crm', 'crm.*'],
    ['crm.read', 'crm', 'crm.*'],
    ['crm:read', 'crm:read', undefined],
    ['crm', 'crm', undefined],
  ])('%s is of the module %s, and matched by %s', (name, module, wildcard) => {
    expect(moduleOf(name)).toBe(module);
    expect(wildcardOf(name)).toBe(wildcard);
  });
});
