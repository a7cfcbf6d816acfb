import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIdentity, answerOfProvider, answerOfWallet, aWallet } from '../support/a-provider.ts';
import { actorOf, at, OTHER_PASSWORD, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import {
  anIamWithProviders,
  aProjectWithProviders,
  aWalletHolder,
  comeByWallet,
  GLOBEX,
  link,
  linksOf,
  offerProviders,
  signedInBy,
  WALLET,
  withPhone,
} from './provider-people.ts';
import { answerOf, stateOf } from './recovery-person.ts';
import { anOwner, entering, join, tenantOf } from './tenant-people.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
  await offerProviders(test, test.platform);
});
const v1 = (of: Pick<ProjectState, 'id'> = project) => at(of, 'v1');

describe('somebody who comes with a wallet', () => {
  it('is registered without an address, in a session that tells how', async () => {
    const wallet = aWallet();
    const { actor, tokens } = await aWalletHolder(test, project, wallet);
    expect(stateOf(test, { actor })).toMatchObject({
      email: null,
      emailVerifiedAt: null,
      passwordHash: null,
      holdsSeat: true,
      lastLoginMethod: WALLET,
    });
    expect(linksOf(test, actor.userId)).toMatchObject([{ externalId: wallet.address, email: null }]);
    expect((await test.ports.tokenSigner.verify(tokens.accessToken)).amr).toEqual(['ext']);
  });

  it('is the same person the next time', async () => {
    const wallet = aWallet();
    const { actor } = await aWalletHolder(test, project, wallet);
    const again = await aWalletHolder(test, project, wallet);
    expect(again.actor.userId).toBe(actor.userId);
  });

  it('is let in where an address is to be proven first: there is none', async () => {
    const strict = await aProjectWithProviders(test, { emailVerificationRequired: true });
    for (const dialect of ['gate', 'v1'] as const) {
      const { tokens } = signedInBy(await comeByWallet(test, at(strict, dialect), aWallet()));
      await expect(actorOf(test, at(strict, dialect), tokens.accessToken)).resolves.toBeDefined();
    }
  });

  it('gets a tenant of their own that has a name', async () => {
    const { actor } = await aWalletHolder(test, test.platform, aWallet());
    expect(tenantOf(test, actor.tenantId)).toMatchObject({ name: 'Workspace', ownerId: actor.userId });
  });

  it('is refused with the signature of another wallet, or of another message', async () => {
    const [own, other] = [aWallet(), aWallet()];
    for (const wrong of [answerOfWallet, () => ({ kind: 'signature', signature: 'made up' }) as const]) {
      const started = await test.iam.providers.startSignIn.execute(v1(), { providerId: WALLET, wallet: own });
      const { state, verifier } = started;
      const back = { providerId: WALLET, state, verifier, answer: wrong(started, other) };
      expect(await answerOf(test.iam.providers.answerProvider.execute(v1(), back))).toBe('token-invalid');
    }
    const code = { providerId: WALLET };
    expect(await answerOf(test.iam.providers.startSignIn.execute(v1(), code))).toBe('validation-error');
  });

  it('is no redirect, and no redirect is a wallet', async () => {
    const wallet = aWallet();
    const { startSignIn, answerProvider } = test.iam.providers;
    const started = await startSignIn.execute(v1(), { providerId: WALLET, wallet });
    const { state, verifier } = started;
    const answer = answerOfProvider(started, anIdentity({ externalId: wallet.address }));
    const back = { providerId: WALLET, state, verifier, answer };
    expect(await answerOf(answerProvider.execute(v1(), back))).toBe('token-invalid');
  });
});

describe('an account without an address', () => {
  it('enrols an authenticator app and is asked for its code from then on', async () => {
    const wallet = aWallet();
    const { phone } = await withPhone(test, await aWalletHolder(test, project, wallet));
    expect(phone.secret).not.toBe('');
    expect(await answerOf(comeByWallet(test, v1(), wallet))).toBe('mfa-required');
  });

  it('links other ways in, whose addresses it takes over from nobody', async () => {
    const { actor } = await aWalletHolder(test, project, aWallet());
    const identity = anIdentity();
    await link(test, actor, identity, GLOBEX);
    expect(
      linksOf(test, actor.userId)
        .map(({ providerId }) => providerId)
        .toSorted(),
    ).toEqual([GLOBEX, WALLET]);
    expect(stateOf(test, { actor })).toMatchObject({ email: null, emailVerifiedAt: null });
  });

  it('founds no further tenant, invites nobody and takes over none', async () => {
    const { actor } = await aWalletHolder(test, test.platform, aWallet());
    const { tenants, users } = test.iam;
    expect(await answerOf(tenants.createTenant.execute(actor, { name: 'Second' }))).toBe('email-not-verified');
    expect(await answerOf(users.invitePerson.execute(actor, { email: anEmail() }))).toBe('email-not-verified');
    const owner = await anOwner(test);
    const { tenantId } = owner.actor;
    await join(test, tenantId, actor.userId);
    const offer = { tenantId, newOwnerId: actor.userId, password: owner.password };
    await tenants.offerTransfer.execute(owner.actor, offer);
    const inside = await entering(test, { actor, visitor: v1(test.platform) }, tenantId);
    expect(await answerOf(tenants.acceptTransfer.execute(inside.actor, tenantId))).toBe('email-not-verified');
  });

  it('gets an address by its person alone, and then a first password by a reset', async () => {
    const { actor } = await aWalletHolder(test, project, aWallet());
    const email = anEmail();
    const { account, authentication } = test.iam;
    await account.updateProfile.execute(actor, { email });
    expect(stateOf(test, { actor })).toMatchObject({ email: null, pendingEmail: email });
    const { token } = await test.mailTo(email, 'email-change-link');
    await account.verifyEmailByLink.execute(v1(), { token });
    expect(stateOf(test, { actor })).toMatchObject({ email, emailVerifiedAt: expect.any(Date) });
    await account.requestPasswordReset.execute(v1(), { email });
    const reset = await test.mailTo(email, 'reset-password-link');
    await account.resetPasswordByLink.execute(v1(), { token: reset.token, newPassword: OTHER_PASSWORD });
    const login = authentication.login.execute(v1(), { email, password: OTHER_PASSWORD });
    expect(await answerOf(login)).toBe('done');
    expect(linksOf(test, actor.userId)).toHaveLength(1);
  });

  it('is given no address by somebody else: there is no mailbox that could agree', async () => {
    const { owner, actor } = await aSoleMember();
    const { userId } = actor;
    const email = anEmail();
    expect(await answerOf(test.iam.users.updateUser.execute(owner.actor, { userId, email }))).toBe('forbidden');
    expect(stateOf(test, { actor }).pendingEmail).toBeNull();
    expect(await test.mailsTo(email, 'email-change-link')).toEqual([]);
    const renamed = test.iam.users.updateUser.execute(owner.actor, { userId, firstName: 'Grace' });
    expect(await answerOf(renamed)).toBe('done');
  });

  it('takes its seat again when it is restored, also where addresses are to be proven first', async () => {
    const { owner, actor } = await aSoleMember();
    const { userId } = actor;
    const strict = { id: test.platform.id, settings: { emailVerificationRequired: true } };
    await test.iam.projects.updateProject.execute(OPERATOR, strict);
    await test.iam.users.deleteUser.execute(owner.actor, { userId });
    expect(stateOf(test, { actor }).holdsSeat).toBe(false);
    await test.iam.users.restoreUser.execute(owner.actor, { userId });
    expect(stateOf(test, { actor }).holdsSeat).toBe(true);
  });

  /** Somebody whom one tenant alone governs: their own is gone. */
  async function aSoleMember() {
    const owner = await anOwner(test);
    const { actor } = await aWalletHolder(test, test.platform, aWallet());
    await join(test, owner.actor.tenantId, actor.userId);
    test.store.memberships.delete(`${test.platform.id} ${actor.tenantId} ${actor.userId}`);
    return { owner, actor };
  }

  it('is swept by no housekeeping, however long it goes without an address', async () => {
    const strict = await aProjectWithProviders(test, { emailVerificationRequired: true });
    const wallet = aWallet();
    const { actor } = await aWalletHolder(test, strict, wallet);
    test.clock.advance(30 * 24 * 60 * 60);
    await test.ports.housekeeping.sweep(test.clock.now(), 10_000);
    expect(stateOf(test, { actor }).id).toBe(actor.userId);
  });
});
