import { beforeEach, describe, expect, it } from 'vitest';
import { createIam } from '../../src/application/iam.ts';
import { EVERYTHING } from '../../src/domain/role/permission.ts';
import { MAX_TENANT_ROLES } from '../../src/domain/role/role.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { anIam, type LoggedInUser, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { anId, aUser } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aMemberOf, anOwner, join, rolesIn, tenantOf } from './tenant-people.ts';

let test: TestIam;
let alice: LoggedInUser;

const CRM = {
  name: 'crm',
  permissions: [
    { name: 'crm.tickets.view', description: 'See tickets' },
    { name: 'crm.tickets.close', description: 'Close tickets' },
    { name: 'crm:export', description: 'Export' },
  ],
};

beforeEach(async () => {
  test = await anIam();
  alice = await anOwner(test);
  await test.iam.roles.installModule.execute(await thePlatformOwner(test), CRM);
});

const compose = (name: string, permissions: readonly string[], by = alice) =>
  test.iam.roles.composeRole.execute(by.actor, { name, permissions });

describe('composing roles', () => {
  it('makes the slug from the name and keeps it when the role is renamed', async () => {
    const role = await compose('Suppört  Manager!', ['crm.tickets.view']);
    expect(role).toMatchObject({ slug: 'support-manager', builtIn: false, createdBy: alice.actor.userId });
    const renamed = await test.iam.roles.updateRole.execute(alice.actor, { id: role.id, name: 'Help desk' });
    expect(renamed).toMatchObject({ slug: 'support-manager', name: 'Help desk', permissions: ['crm.tickets.view'] });
  });

  it('refuses a second role of the same slug', async () => {
    await compose('Desk', []);
    await expect(compose('desk', [])).rejects.toMatchObject({ code: 'role-already-exists' });
  });

  it('lets one of sixteen have the name', async () => {
    const { succeeded, refused } = await sixteenAtOnce(() => compose('Desk', []));
    expect(succeeded).toHaveLength(1);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'role-already-exists' });
  });

  it('refuses what belongs to the owner or the platform in any spelling, and what nobody registered', async () => {
    const refused = [
      ['*', 'reserved-permission'],
      ['users.impersonate', 'reserved-permission'],
      [' Tenants.List', 'reserved-permission'],
      ['platform.*', 'reserved-permission'],
      ['system:shutdown', 'reserved-permission'],
      ['crm.nothing', 'unknown-permission'],
      ['erp.*', 'unknown-permission'],
      ['CRM.tickets.view', 'unknown-permission'],
      ['crm:*', 'unknown-permission'],
    ] as const;
    for (const [permission, code] of refused) {
      await expect(compose('Desk', [permission]), permission).rejects.toMatchObject({ code });
    }
  });

  it('takes the wildcard of a registered or kernel module', async () => {
    const role = await compose('Desk', ['crm.*', 'billing.*']);
    expect(role.permissions).toEqual(['billing.*', 'crm.*']);
  });

  it('refuses whoever lacks roles.create, and records it', async () => {
    const bob = await aMemberOf(test, alice.actor.tenantId);
    await expect(compose('Desk', [], bob)).rejects.toMatchObject({
      code: 'forbidden',
      details: { requiredPermission: 'roles.create' },
    });
    expect(test.audited('auth.forbidden', { userId: bob.actor.userId })).toHaveLength(1);
  });

  it('lets nobody compose, change, delete or assign what they do not all hold', async () => {
    const strong = await compose('Strong', ['crm.tickets.close']);
    const admin = await aMemberOf(test, alice.actor.tenantId, ['admin']);
    const forbidden = { code: 'forbidden', details: { requiredPermission: 'crm.tickets.close' } };
    await expect(compose('Desk', ['crm.tickets.close'], admin)).rejects.toMatchObject(forbidden);
    const { roles, users } = test.iam;
    const change = { id: strong.id, permissions: [] };
    await expect(roles.updateRole.execute(admin.actor, change)).rejects.toMatchObject(forbidden);
    await expect(roles.deleteRole.execute(admin.actor, { id: strong.id })).rejects.toMatchObject(forbidden);
    const bob = { userId: admin.actor.userId, role: 'strong' };
    await expect(users.assignRole.execute(admin.actor, bob)).rejects.toMatchObject(forbidden);
  });

  it('hands out a wildcard only to whoever holds it or everything', async () => {
    await compose('All tickets', ['crm.tickets.view', 'crm.tickets.close', 'roles.create']);
    const bob = await aMemberOf(test, alice.actor.tenantId, ['all-tickets']);
    await expect(compose('Desk', ['crm.*'], bob)).rejects.toMatchObject({ code: 'forbidden' });
    await compose('Whole', ['crm.*', 'roles.create']);
    const carol = await aMemberOf(test, alice.actor.tenantId, ['whole']);
    await expect(compose('Desk', ['crm.*'], carol)).resolves.toMatchObject({ slug: 'desk' });
  });

  it('holds at most five hundred in a tenant and a thousand permissions in a role', async () => {
    const { roleCount } = tenantOf(test, alice.actor.tenantId);
    for (let made = roleCount; made < MAX_TENANT_ROLES - 1; made += 1) await compose(`Role ${made}`, []);
    const outcomes = await sixteenAtOnce((index) => compose(`Last ${index}`, []));
    expect(outcomes.succeeded).toHaveLength(1);
    for (const reason of outcomes.refused) {
      expect(reason).toMatchObject({ code: 'rbac-limit-exceeded', details: { limit: MAX_TENANT_ROLES } });
    }
    expect(tenantOf(test, alice.actor.tenantId).roleCount).toBe(MAX_TENANT_ROLES);
  });

  it('protects the owner role', async () => {
    const page = await test.iam.roles.listRoles.execute(alice.actor, { after: undefined, limit: 100 });
    const owner = page.items.find(({ slug }) => slug === 'owner');
    if (owner === undefined) throw new Error('no owner role');
    expect(owner.permissions).toEqual([EVERYTHING]);
    const refused = { code: 'owner-protected' };
    const { roles } = test.iam;
    await expect(roles.updateRole.execute(alice.actor, { id: owner.id, name: 'X' })).rejects.toMatchObject(refused);
    await expect(roles.deleteRole.execute(alice.actor, { id: owner.id, force: true })).rejects.toMatchObject(refused);
  });
});

describe('deleting roles', () => {
  it('refuses one that somebody holds, unless forced', async () => {
    const { id } = await compose('Desk', ['crm.tickets.view']);
    const bob = await aMemberOf(test, alice.actor.tenantId, ['desk']);
    const { deleteRole } = test.iam.roles;
    await expect(deleteRole.execute(alice.actor, { id })).rejects.toMatchObject({ code: 'role-in-use' });
    await deleteRole.execute(alice.actor, { id, force: true });
    expect(rolesIn(test, alice.actor.tenantId, bob.actor.userId)).toEqual([]);
    await expect(deleteRole.execute(alice.actor, { id })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('by force names who lost it, up to a hundred of them', async () => {
    const { id } = await compose('Desk', ['crm.tickets.view']);
    const { tenantId, userId: owner } = alice.actor;
    const member = await aMemberOf(test, tenantId, ['desk']);
    const crowd = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const userId = anId<UserId>();
        const user = aUser(test.clock.now(), { id: userId, projectId: test.platform.id });
        await test.ports.unitOfWork.run(async ({ users }) => users.save(user));
        await join(test, tenantId, userId, ['desk']);
        return userId;
      }),
    );
    await test.iam.roles.deleteRole.execute(alice.actor, { id, force: true });
    const first = [member.actor.userId, ...crowd].sort().slice(0, 100);
    expect(test.audited('role.deleted', { entityId: id, actorId: owner })).toMatchObject([
      { before: { slug: 'desk', holders: { count: 101, first } } },
    ]);
  });

  it('makes room for another', async () => {
    const before = tenantOf(test, alice.actor.tenantId).roleCount;
    const { id } = await compose('Desk', []);
    await test.iam.roles.deleteRole.execute(alice.actor, { id });
    expect(tenantOf(test, alice.actor.tenantId).roleCount).toBe(before);
  });
});

describe('modules', () => {
  it('refuses the name of a kernel module in any spelling', async () => {
    const owner = await thePlatformOwner(test);
    for (const name of ['users', 'USERS', ' users', 'tenants', 'platform', 'system']) {
      const module = { name, permissions: [{ name: `${name}.x`, description: '' }] };
      await expect(test.iam.roles.installModule.execute(owner, module), name).rejects.toMatchObject({
        code: 'reserved-permission',
      });
    }
  });

  it('refuses names that are not its own', async () => {
    const owner = await thePlatformOwner(test);
    const foreign = [
      'users.list',
      'users:list',
      'erp2.x',
      'crm',
      'erpx.y',
      'erp.X',
      'erp..x',
      `erp.${'x'.repeat(128)}`,
    ];
    for (const name of foreign) {
      const module = { name: 'erp', permissions: [{ name, description: '' }] };
      await expect(test.iam.roles.installModule.execute(owner, module), name).rejects.toMatchObject({
        code: expect.stringMatching(/^(validation-error|reserved-permission)$/),
      });
    }
  });

  it('is the business of the owner of the platform alone', async () => {
    await expect(test.iam.roles.installModule.execute(alice.actor, CRM)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(test.iam.roles.listModules.execute(alice.actor)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('goes from every role only when that is forced', async () => {
    const { id } = await compose('Desk', ['crm.tickets.view', 'crm:export', 'billing.view']);
    const owner = await thePlatformOwner(test);
    const { uninstallModule, readRole } = test.iam.roles;
    await expect(uninstallModule.execute(owner, { name: 'crm' })).rejects.toMatchObject({ code: 'role-in-use' });
    await uninstallModule.execute(owner, { name: 'crm', force: true });
    expect((await readRole.execute(alice.actor, id)).permissions).toEqual(['billing.view']);
    const roles = { count: 1, first: [{ tenantId: alice.actor.tenantId, id }] };
    expect(test.audited('module.uninstalled', { entityId: 'crm' })).toMatchObject([{ before: { roles } }]);
    await expect(compose('Other', ['crm.tickets.view'])).rejects.toMatchObject({ code: 'unknown-permission' });
  });

  it('is not uninstalled from under a role that takes its names at the last moment', async () => {
    const owner = await thePlatformOwner(test);
    let composed: Promise<unknown> | undefined;
    const unitOfWork = beforeCommit(test.ports.unitOfWork, async () => {
      composed ??= compose('Desk', ['crm.tickets.view']);
      await composed;
    });
    const { uninstallModule } = createIam({ ...test.ports, unitOfWork }).roles;
    await expect(uninstallModule.execute(owner, { name: 'crm' })).rejects.toMatchObject({ code: 'role-in-use' });
    expect(await test.iam.roles.listModules.execute(owner)).toMatchObject([{ name: 'crm' }]);
  });

  it('takes another release that adds names, and none that leaves out what roles may hold', async () => {
    await compose('Desk', ['crm.tickets.view']);
    const owner = await thePlatformOwner(test);
    const more = { ...CRM, permissions: [...CRM.permissions, { name: 'crm.notes.edit', description: 'Edit notes' }] };
    await test.iam.roles.installModule.execute(owner, more);
    await expect(compose('Notes', ['crm.notes.edit'])).resolves.toMatchObject({ slug: 'notes' });
    await expect(test.iam.roles.installModule.execute(owner, CRM)).rejects.toMatchObject({ code: 'role-in-use' });
  });

  it('shows its permissions beside those of the kernel, with what a tenant may hold', async () => {
    const listed = await test.iam.roles.listPermissions.execute(alice.actor);
    const entry = (name: string) => listed.find((permission) => permission.name === name);
    expect(entry('crm.tickets.view')).toEqual({
      name: 'crm.tickets.view',
      module: 'crm',
      description: 'See tickets',
      assignable: true,
    });
    expect(entry('users.list')).toMatchObject({ module: 'users', assignable: true });
    expect(entry('users.impersonate')).toMatchObject({ assignable: false });
    expect(entry('tenants.block')).toMatchObject({ assignable: false });
  });
});

describe('checking permissions', () => {
  const check = (by: LoggedInUser, permission: string, userId?: LoggedInUser['actor']['userId']) =>
    test.iam.roles.checkPermission.execute(by.actor, { permission, userId });

  it('names the role and the permission that matched: the exact name, the wildcard, everything', async () => {
    await compose('Exact', ['crm.tickets.view']);
    await compose('Wild', ['crm.*']);
    const exact = await aMemberOf(test, alice.actor.tenantId, ['exact']);
    const wild = await aMemberOf(test, alice.actor.tenantId, ['wild']);
    const matched = async (by: LoggedInUser) => (await check(by, 'crm.tickets.view')).matchedBy;
    expect(await matched(exact)).toEqual({ role: 'exact', permission: 'crm.tickets.view' });
    expect(await matched(wild)).toEqual({ role: 'wild', permission: 'crm.*' });
    expect(await matched(alice)).toEqual({ role: 'owner', permission: '*' });
    expect(await check(wild, 'crm:export')).toMatchObject({ allowed: false });
  });

  it('says what came closest', async () => {
    await compose('Exact', ['crm.tickets.view']);
    const bob = await aMemberOf(test, alice.actor.tenantId, ['exact']);
    const refused = await check(bob, 'crm.tickets.close');
    expect(refused).toMatchObject({ allowed: false, matchedBy: null });
    expect(refused.explanation).toContain('crm.tickets.view (role exact)');
  });

  it('never lets a tenant have what belongs to the platform', async () => {
    expect(await check(alice, 'tenants.list')).toMatchObject({ allowed: false });
    const owner = await thePlatformOwner(test);
    const checked = await test.iam.roles.checkPermission.execute(owner, { permission: 'tenants.list' });
    expect(checked).toMatchObject({ allowed: true });
  });

  it('of others takes users.list, and knows nobody of other tenants', async () => {
    const bob = await aMemberOf(test, alice.actor.tenantId);
    await expect(check(bob, 'crm.tickets.view', alice.actor.userId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await check(alice, 'crm.tickets.view', bob.actor.userId)).toMatchObject({ allowed: false });
    const stranger = await anOwner(test);
    await expect(check(alice, 'x.y', stranger.actor.userId)).rejects.toMatchObject({ code: 'not-found' });
  });
});

it('acts on running sessions as soon as a role changes', async () => {
  const { id } = await compose('Desk', ['crm.tickets.view']);
  const bob = await aMemberOf(test, alice.actor.tenantId, ['desk']);
  const may = async (permission: string) => {
    const { token, dialect, origin } = { token: bob.tokens.accessToken, ...bob.visitor };
    return (await test.iam.authentication.authenticate.execute({ token, dialect, origin })).permissions.allows(
      permission,
    );
  };
  expect(await may('crm.tickets.close')).toBe(false);
  await test.iam.roles.updateRole.execute(alice.actor, { id, permissions: ['crm.*'] });
  expect(await may('crm.tickets.close')).toBe(true);
  await test.iam.roles.deleteRole.execute(alice.actor, { id, force: true });
  expect(await may('crm.tickets.close')).toBe(false);
});
