import { beforeEach, describe, expect, it } from 'vitest';
import { actorOf, anIam, aProjectOf, aRegisteredUser, at, type LoggedInUser, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { answerOf, put } from './recovery-person.ts';
import { aMemberOf, anOwner, personOf, rolesIn } from './tenant-people.ts';

let test: TestIam;
let alice: LoggedInUser;
beforeEach(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  alice = await anOwner(test);
});

const stillIn = ({ visitor, tokens }: LoggedInUser) => answerOf(actorOf(test, visitor, tokens.accessToken));

describe('a token that somebody else has got hold of', () => {
  it('changes no address of its person by way of the people of the tenant either, once the authentication is old', async () => {
    const { userId } = alice.actor;
    test.clock.advance(301);
    const change = test.iam.users.updateUser.execute(alice.actor, { userId, email: anEmail() });
    expect(await answerOf(change)).toBe('reauthentication-required');
    expect(personOf(test, alice.actor).pendingEmail).toBeNull();
  });
});

describe('whoever was put out of a tenant', () => {
  it.each([
    [
      'removed',
      (userId: LoggedInUser['actor']['userId']) => test.iam.users.deleteUser.execute(alice.actor, { userId }),
    ],
    [
      'disabled',
      (userId: LoggedInUser['actor']['userId']) =>
        test.iam.users.updateUser.execute(alice.actor, { userId, status: 'disabled' }),
    ],
  ])('has no session there any more, also when let in again after being %s', async (_, putOut) => {
    const bob = await aMemberOf(test, alice.actor.tenantId, ['admin']);
    const { userId } = bob.actor;
    await putOut(userId);
    await test.iam.users.restoreUser.execute(alice.actor, { userId });
    await test.iam.users.updateUser.execute(alice.actor, { userId, status: 'active' });
    expect(rolesIn(test, alice.actor.tenantId, userId)).toEqual(['admin']);
    expect(await stillIn(bob)).toBe('token-invalid');
    expect(await answerOf(test.iam.authentication.refreshSession.execute(bob.visitor, bob.tokens))).toBe(
      'token-invalid',
    );
  });

  it('gets no role back from somebody who does not hold it', async () => {
    await test.iam.roles.composeRole.execute(alice.actor, {
      name: 'Helper',
      permissions: ['users.update', 'users.list'],
    });
    const helper = await aMemberOf(test, alice.actor.tenantId, ['helper']);
    // Somebody who belongs to one more tenant, and is no more than a member there.
    const bob = await aMemberOf(test, alice.actor.tenantId, ['admin']);
    await test.iam.users.deleteUser.execute(alice.actor, { userId: bob.actor.userId });
    const restored = test.iam.users.restoreUser.execute(helper.actor, { userId: bob.actor.userId });
    expect(await answerOf(restored)).toBe('forbidden');
  });
});

describe('an account that was never proven', () => {
  it('keeps no address that somebody planted, once its own mailbox answers', async () => {
    const project = await aProjectOf(test, { v1Enabled: true });
    const visitor = at(project, 'v1');
    const victim = await aRegisteredUser(test, visitor);
    const evil = anEmail();
    const state = await test.ports.userDirectory.byEmail(project.id, victim.email as never);
    if (state === undefined) throw new Error('nobody');
    await test.ports.unitOfWork.run(async ({ users }) => {
      const user = await users.byId(project.id, state.id);
      if (user === undefined) throw new Error('nobody');
      user.requestEmailChange(evil as never, test.clock.now(), { byOther: true });
      users.save(user);
    });
    const { token: planted } = await test.mailTo(evil, 'email-change-link');
    const { token: own } = await test.mailTo(victim.email, 'verify-email-link');
    const { verifyEmailByLink } = test.iam.account;
    expect(await verifyEmailByLink.execute(visitor, { token: own })).toEqual({ emailVerified: true });
    expect(await answerOf(verifyEmailByLink.execute(visitor, { token: planted }))).toBe('token-invalid');
  });

  it('takes no invitation while it is disabled', async () => {
    const email = anEmail();
    const squatter = await aRegisteredUser(test, at(test.platform, 'v1'), { email });
    await test.iam.users.invitePerson.execute(alice.actor, { email });
    const { token } = await test.mailTo(email, 'invitation');
    put(test, { actor: { ...alice.actor, userId: squatter.registered.user.id } }, { status: 'disabled' });
    const accepted = test.iam.invitations.acceptInvitation.execute(at(test.platform, 'v1'), {
      token,
      password: squatter.password,
    });
    expect(await answerOf(accepted)).toBe('account-disabled');
  });
});

describe('an invitation to more than one holds', () => {
  it('is not one’s to take back', async () => {
    await test.iam.roles.composeRole.execute(alice.actor, { name: 'Host', permissions: ['users.create'] });
    const host = await aMemberOf(test, alice.actor.tenantId, ['host']);
    const { invitation } = await test.iam.users.invitePerson.execute(alice.actor, {
      email: anEmail(),
      roles: ['admin'],
    });
    expect(await answerOf(test.iam.invitations.revokeInvitation.execute(host.actor, invitation.id))).toBe('forbidden');
  });
});
