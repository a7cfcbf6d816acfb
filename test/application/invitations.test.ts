import { beforeEach, describe, expect, it } from 'vitest';
import {
  actorOf,
  anIam,
  aRegisteredUser,
  at,
  type LoggedInUser,
  OTHER_PASSWORD,
  PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aMemberOf, anOwner, personOf, rolesIn } from './tenant-people.ts';

let test: TestIam;
let alice: LoggedInUser;
let email: string;

beforeEach(async () => {
  test = await anIam();
  alice = await anOwner(test);
  email = anEmail();
});

const visitor = () => at(test.platform, 'v1');
const invite = (given: { readonly roles?: readonly string[]; readonly email?: string } = {}, by = alice) =>
  test.iam.users.invitePerson.execute(by.actor, { email, ...given });
const tokenFor = async (to = email) => (await test.mailTo(to, 'invitation')).token;
const accept = async (input: { readonly password?: string; readonly mfaCode?: string; readonly token?: string } = {}) =>
  test.iam.invitations.acceptInvitation.execute(visitor(), {
    token: input.token ?? (await tokenFor()),
    password: PASSWORD,
    ...input,
  });
const pending = () => test.iam.invitations.listInvitations.execute(alice.actor, { after: undefined, limit: 50 });

describe('inviting', () => {
  it('keeps a place in the lists and mails the address', async () => {
    const { invitation, member } = await invite({ roles: ['admin', 'member'] });
    expect(member).toMatchObject({
      user: { email, status: 'invited', emailVerified: false },
      roles: ['admin', 'member'],
    });
    expect((await pending()).items).toEqual([expect.objectContaining({ id: invitation.id, email })]);
    expect(await test.mailTo(email, 'invitation')).toMatchObject({ token: expect.any(String) });
  });

  it('gives the role member unless said, and none where that was deleted', async () => {
    expect((await invite()).member.roles).toEqual(['member']);
    const { items } = await test.iam.roles.listRoles.execute(alice.actor, { after: undefined, limit: 50 });
    const id = items.find(({ slug }) => slug === 'member')?.id;
    if (id === undefined) throw new Error('no member role');
    await test.iam.roles.deleteRole.execute(alice.actor, { id, force: true });
    expect((await invite({ email: anEmail() })).member.roles).toEqual([]);
  });

  it('refuses unknown roles, the owner role, and more than the host holds', async () => {
    await expect(invite({ roles: ['nothing'] })).rejects.toMatchObject({ code: 'validation-error' });
    await expect(invite({ roles: ['owner'] })).rejects.toMatchObject({ code: 'owner-protected' });
    await test.iam.roles.composeRole.execute(alice.actor, { name: 'Host', permissions: ['users.create'] });
    const host = await aMemberOf(test, alice.actor.tenantId, ['host']);
    await expect(invite({ roles: ['admin'] }, host)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(invite({ roles: ['member'] }, host)).resolves.toMatchObject({ member: { roles: ['member'] } });
  });

  it('is for hosts with a proven address', async () => {
    const host = await aRegisteredUser(test, visitor());
    const { tokens } = host.registered;
    if (tokens === null) throw new Error('no session');
    const actor = await actorOf(test, visitor(), tokens.accessToken);
    await expect(test.iam.users.invitePerson.execute(actor, { email })).rejects.toMatchObject({
      code: 'email-not-verified',
    });
  });

  it('refuses a second one for the address, and one for a member', async () => {
    await invite();
    await expect(invite()).rejects.toMatchObject({ code: 'invitation-pending' });
    const bob = await aMemberOf(test, alice.actor.tenantId);
    await expect(invite({ email: bob.email })).rejects.toMatchObject({ code: 'already-member' });
  });

  it('lets one of sixteen have the address', async () => {
    // From tenants of their own they would all be right; the budget of the address is another matter.
    const { succeeded } = await sixteenAtOnce(() => invite());
    expect(succeeded).toHaveLength(1);
    expect((await pending()).items).toHaveLength(1);
  });

  it('mails one address three times a day, over all tenants', async () => {
    const hosts = [alice, await anOwner(test), await anOwner(test), await anOwner(test)];
    for (const host of hosts.slice(0, 3)) await invite({}, host);
    await expect(invite({}, hosts[3] ?? alice)).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('reserves no address', async () => {
    await invite();
    const { registered } = await aRegisteredUser(test, visitor(), { email });
    expect(registered.user.email).toBe(email);
  });

  it('makes way for another once it has expired', async () => {
    await invite();
    const old = await tokenFor();
    test.clock.advance(72 * 3600);
    await expect(accept({ token: old })).rejects.toMatchObject({ code: 'token-expired' });
    expect((await pending()).items).toEqual([]);
    await invite();
    await expect(accept({ token: old })).rejects.toMatchObject({ code: 'token-invalid' });
    await accept();
  });
});

describe('accepting with a new address', () => {
  it('makes the account, proven, with the roles', async () => {
    await invite({ roles: ['admin'] });
    const { user, tokens } = await accept();
    expect(user).toMatchObject({ user: { email, status: 'active', emailVerified: true }, roles: ['admin'] });
    const actor = await actorOf(test, visitor(), tokens.accessToken);
    expect(actor).toMatchObject({ tenantId: alice.actor.tenantId, roles: ['admin'] });
    expect((await signIn(test, visitor(), { email, password: PASSWORD })).actor.tenantId).toBe(alice.actor.tenantId);
    expect((await pending()).items).toEqual([]);
  });

  it('refuses a weak password and spends nothing', async () => {
    await invite();
    const token = await tokenFor();
    await expect(accept({ token, password: 'short' })).rejects.toMatchObject({ code: 'validation-error' });
    await expect(accept({ token, password: 'password1234' })).rejects.toMatchObject({ code: 'weak-password' });
    await accept({ token });
  });

  it('lets one of sixteen in', async () => {
    await invite();
    const token = await tokenFor();
    const { succeeded } = await sixteenAtOnce(() => accept({ token }));
    expect(succeeded).toHaveLength(1);
  });

  it('is a registration: closed where registration is', async () => {
    await invite();
    const token = await tokenFor();
    const owner = await signIn(test, at(test.platform, 'v1'), { email: 'owner@example.test', password: PASSWORD });
    await test.iam.projects.updateProject.execute(owner.actor, {
      id: test.platform.id,
      settings: { registrationEnabled: false },
    });
    await expect(accept({ token })).rejects.toMatchObject({ code: 'registration-closed' });
  });
});

describe('accepting with an account', () => {
  it('takes the password of a proven one, and adds the membership to it', async () => {
    const bob = await anOwner(test);
    await invite({ email: bob.email, roles: ['admin'] });
    const token = await tokenFor(bob.email);
    await expect(accept({ token, password: OTHER_PASSWORD })).rejects.toMatchObject({ code: 'invalid-credentials' });
    const { user } = await accept({ token });
    expect(user).toMatchObject({ user: { id: bob.actor.userId }, roles: ['admin'] });
    expect(rolesIn(test, alice.actor.tenantId, bob.actor.userId)).toEqual(['admin']);
    await expect(signIn(test, visitor(), bob)).rejects.toThrow('several tenants');
  });

  it('takes the bearer of that person instead, and of nobody else', async () => {
    const bob = await anOwner(test);
    const carol = await anOwner(test);
    await invite({ email: bob.email });
    const token = await tokenFor(bob.email);
    const { acceptInvitation } = test.iam.invitations;
    await expect(acceptInvitation.execute(carol.actor, { token })).rejects.toMatchObject({ code: 'token-invalid' });
    expect(await acceptInvitation.execute(bob.actor, { token })).toMatchObject({ user: { roles: ['member'] } });
  });

  it('empties one that was never proven: whoever made it has nothing left', async () => {
    const squatter = await aRegisteredUser(test, visitor(), { email, password: OTHER_PASSWORD });
    const { tokens } = squatter.registered;
    if (tokens === null) throw new Error('no session');
    await invite();
    const { user } = await accept();
    expect(user.user).toMatchObject({ id: squatter.registered.user.id, emailVerified: true });
    await expect(actorOf(test, visitor(), tokens.accessToken)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(signIn(test, visitor(), { email, password: OTHER_PASSWORD })).rejects.toMatchObject({
      code: 'invalid-credentials',
    });
    const codes = await test.ports.recoveryCodesDirectory.ofUser(test.platform.id, squatter.registered.user.id);
    expect(codes?.codes).toEqual([]);
  });

  it('takes whoever was removed back, with the new roles', async () => {
    const bob = await aMemberOf(test, alice.actor.tenantId, ['admin']);
    await test.iam.users.deleteUser.execute(alice.actor, { userId: bob.actor.userId });
    await invite({ email: bob.email, roles: ['member'] });
    await accept({ token: await tokenFor(bob.email) });
    expect(rolesIn(test, alice.actor.tenantId, bob.actor.userId)).toEqual(['member']);
    expect(personOf(test, bob.actor).status).toBe('active');
  });
});

describe('the host', () => {
  const aHost = async () => {
    await test.iam.roles.composeRole.execute(alice.actor, {
      name: 'Host',
      permissions: ['users.create', 'billing.view'],
    });
    await test.iam.roles.composeRole.execute(alice.actor, { name: 'Bills', permissions: ['billing.view'] });
    const host = await aMemberOf(test, alice.actor.tenantId, ['host']);
    await invite({ roles: ['bills'] }, host);
    return { host, token: await tokenFor() };
  };

  it.each([
    [
      'was removed',
      (userId: LoggedInUser['actor']['userId']) => test.iam.users.deleteUser.execute(alice.actor, { userId }),
    ],
    [
      'was demoted',
      (userId: LoggedInUser['actor']['userId']) =>
        test.iam.users.unassignRole.execute(alice.actor, { userId, role: 'host' }),
    ],
  ])('who %s invites nobody any more', async (_, happens) => {
    const { host, token } = await aHost();
    await happens(host.actor.userId);
    await expect(accept({ token })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await test.ports.userDirectory.byEmail(test.platform.id, email as never)).toBeUndefined();
  });

  it('hands out what they hold when it is accepted, not what they held', async () => {
    const { token } = await aHost();
    const { items } = await test.iam.roles.listRoles.execute(alice.actor, { after: undefined, limit: 50 });
    const id = items.find(({ slug }) => slug === 'host')?.id;
    if (id === undefined) throw new Error('no role');
    await test.iam.roles.updateRole.execute(alice.actor, { id, permissions: ['users.create'] });
    await expect(accept({ token })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('an invitation', () => {
  it('sent again kills the older token at once', async () => {
    const { invitation } = await invite();
    const old = await tokenFor();
    await test.iam.invitations.resendInvitation.execute(alice.actor, invitation.id);
    await expect(accept({ token: old })).rejects.toMatchObject({ code: 'token-invalid' });
    await accept();
  });

  it('revoked opens nothing, and its place is gone', async () => {
    const { invitation, member } = await invite();
    const token = await tokenFor();
    await test.iam.invitations.revokeInvitation.execute(alice.actor, invitation.id);
    await expect(accept({ token })).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(test.iam.users.readMember.execute(alice.actor, member.user.id)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('goes with the invited person, when that is removed', async () => {
    const { invitation, member } = await invite();
    const token = await tokenFor();
    await test.iam.users.deleteUser.execute(alice.actor, { userId: member.user.id });
    await expect(accept({ token })).rejects.toMatchObject({ code: 'token-invalid' });
    expect((await pending()).items).toEqual([]);
    const { email } = invitation;
    expect(test.audited('invitation.revoked', { entityId: invitation.id })).toMatchObject([
      { actorId: alice.actor.userId, before: { email } },
    ]);
  });

  it('of another tenant is unknown here', async () => {
    const { invitation } = await invite();
    const other = await anOwner(test);
    const { resendInvitation, revokeInvitation } = test.iam.invitations;
    const unknown = { code: 'not-found' };
    await expect(resendInvitation.execute(other.actor, invitation.id)).rejects.toMatchObject(unknown);
    await expect(revokeInvitation.execute(other.actor, invitation.id)).rejects.toMatchObject(unknown);
  });
});
