import { beforeEach, describe, expect, it } from 'vitest';
import { anIam, type LoggedInUser, PASSWORD, signIn, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aMemberOf, anEmployeeOf, anOwner, personOf, rolesIn } from './tenant-people.ts';

let test: TestIam;
let alice: LoggedInUser;

beforeEach(async () => {
  test = await anIam();
  alice = await anOwner(test);
});

const compose = (name: string, permissions: readonly string[], by = alice) =>
  test.iam.roles.composeRole.execute(by.actor, { name, permissions });
const stillSignedIn = (person: LoggedInUser) =>
  test.iam.authentication.authenticate.execute({ token: person.tokens.accessToken, ...person.visitor });

/** Somebody who belongs to Alice's tenant alone. */
const anEmployee = (roles?: readonly string[]) => anEmployeeOf(test, alice, roles);

describe('the list', () => {
  const list = (filter: Partial<Parameters<typeof test.iam.users.listMembers.execute>[1]> = {}, by = alice) =>
    test.iam.users.listMembers.execute(by.actor, { includeDeleted: false, ...filter }, { after: undefined, limit: 50 });

  it('shows the people of this tenant alone, newest first, and filters', async () => {
    const bob = await anEmployee(['admin']);
    const carol = await aMemberOf(test, alice.actor.tenantId);
    await anOwner(test);
    const ids = async (filter?: Parameters<typeof list>[0]) => (await list(filter)).items.map(({ user }) => user.id);
    const everybody = [alice, bob, carol]
      .map(({ actor }) => actor.userId)
      .sort()
      .reverse();
    expect(await ids()).toEqual(everybody);
    expect(await ids({ role: 'admin' })).toEqual([bob.actor.userId]);
    expect(await ids({ search: bob.email.slice(0, -3).toUpperCase() })).toEqual([bob.actor.userId]);
    await test.iam.users.updateUser.execute(alice.actor, { userId: carol.actor.userId, status: 'disabled' });
    expect(await ids({ status: 'disabled' })).toEqual([carol.actor.userId]);
    await test.iam.users.deleteUser.execute(alice.actor, { userId: bob.actor.userId });
    expect(await ids()).not.toContain(bob.actor.userId);
    expect(await ids({ includeDeleted: true })).toContain(bob.actor.userId);
  });

  it('takes users.list', async () => {
    const bob = await aMemberOf(test, alice.actor.tenantId);
    await expect(list({}, bob)).rejects.toMatchObject({
      code: 'forbidden',
      details: { requiredPermission: 'users.list' },
    });
  });
});

describe('roles of people', () => {
  it('are given and taken by slug or id, and act at once', async () => {
    const desk = await compose('Desk', ['billing.view']);
    const bob = await aMemberOf(test, alice.actor.tenantId);
    const { assignRole, unassignRole } = test.iam.users;
    const { userId } = bob.actor;
    expect(await assignRole.execute(alice.actor, { userId, role: 'desk' })).toEqual({ roles: ['desk', 'member'] });
    expect((await stillSignedIn(bob)).permissions.allows('billing.view')).toBe(true);
    await unassignRole.execute(alice.actor, { userId, role: desk.id });
    expect((await stillSignedIn(bob)).permissions.allows('billing.view')).toBe(false);
    await expect(unassignRole.execute(alice.actor, { userId, role: 'desk' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('never make or unmake an owner', async () => {
    const bob = await aMemberOf(test, alice.actor.tenantId);
    const { assignRole, unassignRole } = test.iam.users;
    const refused = { code: 'owner-protected' };
    await expect(assignRole.execute(alice.actor, { userId: bob.actor.userId, role: 'owner' })).rejects.toMatchObject(
      refused,
    );
    await expect(
      unassignRole.execute(alice.actor, { userId: alice.actor.userId, role: 'owner' }),
    ).rejects.toMatchObject(refused);
  });

  it('are fifty at most, also when many are given at once', async () => {
    const bob = await aMemberOf(test, alice.actor.tenantId, []);
    const { userId } = bob.actor;
    const { assignRole } = test.iam.users;
    for (let made = 0; made < 65; made += 1) await compose(`Role ${made}`, []);
    for (let given = 0; given < 49; given += 1)
      await assignRole.execute(alice.actor, { userId, role: `role-${given}` });
    const outcomes = await sixteenAtOnce((index) =>
      assignRole.execute(alice.actor, { userId, role: `role-${49 + index}` }),
    );
    expect(outcomes.succeeded).toHaveLength(1);
    for (const reason of outcomes.refused) expect(reason).toMatchObject({ code: 'rbac-limit-exceeded' });
    expect(rolesIn(test, alice.actor.tenantId, userId)).toHaveLength(50);
  });

  it('of another tenant are no roles here', async () => {
    const other = await anOwner(test);
    const foreign = await test.iam.roles.composeRole.execute(other.actor, { name: 'Foreign', permissions: [] });
    const bob = await aMemberOf(test, alice.actor.tenantId);
    const assign = (role: string) => test.iam.users.assignRole.execute(alice.actor, { userId: bob.actor.userId, role });
    await expect(assign(foreign.id)).rejects.toMatchObject({ code: 'validation-error' });
    await expect(assign('foreign')).rejects.toMatchObject({ code: 'validation-error' });
  });
});

describe('who may act on whom', () => {
  it('keeps everybody away from people of other tenants', async () => {
    const stranger = await anOwner(test);
    const { userId } = stranger.actor;
    const { readMember, updateUser, deleteUser, assignRole, readPermissions } = test.iam.users;
    const unknown = { code: 'not-found' };
    await expect(readMember.execute(alice.actor, userId)).rejects.toMatchObject(unknown);
    await expect(readPermissions.execute(alice.actor, userId)).rejects.toMatchObject(unknown);
    await expect(updateUser.execute(alice.actor, { userId, firstName: 'X' })).rejects.toMatchObject(unknown);
    await expect(deleteUser.execute(alice.actor, { userId })).rejects.toMatchObject(unknown);
    await expect(assignRole.execute(alice.actor, { userId, role: 'member' })).rejects.toMatchObject(unknown);
    expect(personOf(test, stranger.actor)).toMatchObject({ firstName: null, deletedAt: null });
  });

  it('keeps an admin away from somebody who holds what the admin lacks, in whatever tenant', async () => {
    const admin = await anEmployee(['admin']);
    const colleague = await anEmployee();
    const hostess = await aMemberOf(test, alice.actor.tenantId);
    const { updateUser, deleteUser } = test.iam.users;
    await updateUser.execute(admin.actor, { userId: colleague.actor.userId, firstName: 'Col' });
    const forbidden = { code: 'forbidden' };
    const disable = (person: LoggedInUser) =>
      updateUser.execute(admin.actor, { userId: person.actor.userId, status: 'disabled' });
    await expect(disable(alice)).rejects.toMatchObject(forbidden);
    // She owns a tenant of her own.
    await expect(disable(hostess)).rejects.toMatchObject(forbidden);
    await expect(deleteUser.execute(admin.actor, { userId: hostess.actor.userId })).rejects.toMatchObject(forbidden);
  });

  it('leaves a person of several tenants the say over address and names, and the account', async () => {
    const bob = await aMemberOf(test, alice.actor.tenantId);
    const { userId } = bob.actor;
    const { updateUser, deleteUser, readMember } = test.iam.users;
    const forbidden = { code: 'forbidden' };
    for (const change of [{ email: anEmail() }, { firstName: 'X' }, { lastName: 'X' }]) {
      await expect(updateUser.execute(alice.actor, { userId, ...change })).rejects.toMatchObject(forbidden);
    }
    await updateUser.execute(alice.actor, { userId, status: 'disabled' });
    expect((await readMember.execute(alice.actor, userId)).user.status).toBe('disabled');
    await expect(stillSignedIn(bob)).rejects.toMatchObject({ code: 'token-invalid' });
    expect(personOf(test, bob.actor).status).toBe('active');
    // His own tenant is still there for him, and alone.
    expect((await signIn(test, bob.visitor, bob)).actor.tenantId).toBe(bob.registered.tenant.id);
    await deleteUser.execute(alice.actor, { userId });
    expect(personOf(test, bob.actor).deletedAt).toBeNull();
  });

  it('protects the owner of the tenant', async () => {
    const { userId } = alice.actor;
    const refused = { code: 'owner-protected' };
    const { updateUser, deleteUser } = test.iam.users;
    await expect(updateUser.execute(alice.actor, { userId, status: 'disabled' })).rejects.toMatchObject(refused);
    await expect(deleteUser.execute(alice.actor, { userId })).rejects.toMatchObject(refused);
  });

  it('lets the owner of the platform set the standing of anybody', async () => {
    const platform = await thePlatformOwner(test);
    const { updateUser } = test.iam.users;
    await updateUser.execute(platform, { userId: alice.actor.userId, status: 'disabled' });
    await expect(stillSignedIn(alice)).rejects.toMatchObject({ code: 'token-invalid' });
    await updateUser.execute(platform, { userId: alice.actor.userId, status: 'active' });
    await signIn(test, alice.visitor, alice);
    const rename = { userId: alice.actor.userId, firstName: 'X' };
    await expect(updateUser.execute(platform, rename)).rejects.toMatchObject({ code: 'not-found' });
    const self = { userId: platform.userId, status: 'disabled' } as const;
    await expect(updateUser.execute(platform, self)).rejects.toMatchObject({ code: 'owner-protected' });
  });
});

describe('somebody of one tenant alone', () => {
  it('loses the account when removed, and has it back when restored', async () => {
    const bob = await anEmployee();
    const { userId } = bob.actor;
    const { deleteUser, restoreUser } = test.iam.users;
    await deleteUser.execute(alice.actor, { userId });
    await expect(stillSignedIn(bob)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(signIn(test, bob.visitor, bob)).rejects.toMatchObject({ code: 'account-disabled' });
    // A proven address stays taken.
    const again = { email: bob.email, password: PASSWORD };
    await expect(test.iam.authentication.register.execute(bob.visitor, again)).rejects.toMatchObject({
      code: 'email-already-registered',
    });
    await expect(deleteUser.execute(alice.actor, { userId })).rejects.toMatchObject({ code: 'not-found' });
    expect(await restoreUser.execute(alice.actor, { userId })).toMatchObject({ user: { status: 'active' } });
    await signIn(test, bob.visitor, bob);
  });

  it('changes address only when both mailboxes agree to what an admin asks for', async () => {
    const bob = await anEmployee();
    const newEmail = anEmail();
    const { userId } = bob.actor;
    await test.iam.users.updateUser.execute(alice.actor, { userId, email: newEmail });
    const { token: proof } = await test.mailTo(newEmail, 'email-change-link');
    const { token: consent } = await test.mailTo(bob.email, 'email-change-consent');
    const { verifyEmailByLink } = test.iam.account;
    const half = await verifyEmailByLink.execute(bob.visitor, { token: proof });
    expect(half).toEqual({ emailVerified: true, pendingEmail: newEmail });
    expect(personOf(test, bob.actor).email).toBe(bob.email);
    expect(await verifyEmailByLink.execute(bob.visitor, { token: consent })).toEqual({ emailVerified: true });
    expect(personOf(test, bob.actor)).toMatchObject({ email: newEmail, pendingEmail: null });
  });

  it('consents to the address that was asked for last, and to no earlier one', async () => {
    const bob = await anEmployee();
    const { userId } = bob.actor;
    const { updateUser } = test.iam.users;
    await updateUser.execute(alice.actor, { userId, email: anEmail() });
    const { token: early } = await test.mailTo(bob.email, 'email-change-consent');
    const latest = anEmail();
    await updateUser.execute(alice.actor, { userId, email: latest });
    await expect(test.iam.account.verifyEmailByLink.execute(bob.visitor, { token: early })).rejects.toMatchObject({
      code: 'token-invalid',
    });
    expect(personOf(test, bob.actor).pendingEmail).toBe(latest);
  });
});

it('sums up what somebody may do, wildcards spelled out', async () => {
  await compose('Desk', ['billing.*', 'users.list']);
  const bob = await aMemberOf(test, alice.actor.tenantId, ['desk']);
  const { permissionSummary } = await test.iam.users.readMember.execute(alice.actor, bob.actor.userId);
  expect(permissionSummary).toEqual({ total: 4, modules: { billing: 3, users: 1 } });
  const own = await test.iam.users.readPermissions.execute(bob.actor, bob.actor.userId);
  expect(own).toMatchObject({ roles: ['desk'], permissions: ['billing.*', 'users.list'] });
});
