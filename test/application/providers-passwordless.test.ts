import { beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIdentity } from '../support/a-provider.ts';
import { actorOf, at, OTHER_PASSWORD, PASSWORD, type TestIam } from '../support/an-iam.ts';
import {
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  comeBy,
  linksOf,
  type Newcomer,
  offerProviders,
  withPhone,
} from './provider-people.ts';
import { answerOf, stateOf } from './recovery-person.ts';
import { aMemberOf, anOwner } from './tenant-people.ts';

const DIALECTS: readonly Dialect[] = ['gate', 'v1'];

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
  await offerProviders(test, test.platform);
});
const v1 = () => at(project, 'v1');
const addressOf = ({ identity }: Newcomer) => identity.email ?? '';

describe('an account without a password', () => {
  it.each(DIALECTS)('opens over %s to no password: none, empty, or any', async (dialect) => {
    const person = await aNewcomer(test, project);
    for (const password of ['', PASSWORD, 'null', 'undefined']) {
      const login = test.iam.authentication.login.execute(at(project, dialect), { email: addressOf(person), password });
      expect(await answerOf(login)).toBe('invalid-credentials');
    }
  });

  it('has no password to change, which it says, and counts as no guess', async () => {
    const person = await aNewcomer(test, project);
    for (let tried = 0; tried < 12; tried += 1) {
      const change = { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD };
      await expect(test.iam.account.changePassword.execute(person.actor, change)).rejects.toMatchObject({
        code: 'validation-error',
        details: { violations: [expect.objectContaining({ field: 'currentPassword', code: 'NOT_ALLOWED' })] },
      });
    }
    expect(test.audited('auth.login.failed', { userId: person.actor.userId })).toEqual([]);
    expect(stateOf(test, person).passwordHash).toBeNull();
  });

  it.each(DIALECTS)('gets its first one over %s by a reset, and keeps its ways in', async (dialect) => {
    const person = await aNewcomer(test, project);
    const email = addressOf(person);
    const visitor = at(project, dialect);
    const newPassword = OTHER_PASSWORD;
    const { account, authentication } = test.iam;
    await account.requestPasswordReset.execute(visitor, { email });
    if (dialect === 'gate') {
      const { otp } = await test.mailTo(email, 'reset-password-otp');
      await account.resetPasswordByCode.execute(visitor, { email, otp, newPassword });
    } else {
      const { token } = await test.mailTo(email, 'reset-password-link');
      await account.resetPasswordByLink.execute(visitor, { token, newPassword });
    }
    expect(await answerOf(actorOf(test, person.visitor, person.tokens.accessToken))).toBe('token-invalid');
    expect(linksOf(test, person.actor.userId)).toHaveLength(1);
    expect(await answerOf(authentication.login.execute(visitor, { email, password: newPassword }))).toBe('done');
    expect(await answerOf(comeBy(test, visitor, person.identity))).toBe('done');
  });

  it('makes recovery codes after a recent sign-in, with what it has', async () => {
    const person = await aNewcomer(test, project);
    const { regenerateRecoveryCodes } = test.iam.recovery;
    const { recoveryCodes } = await regenerateRecoveryCodes.execute(person.actor, {});
    expect(recoveryCodes).toHaveLength(10);
    const [recoveryCode = ''] = recoveryCodes;
    const email = addressOf(person);
    expect(await answerOf(test.iam.recovery.recover.execute(v1(), { email, recoveryCode }))).toBe('done');
    const protectedOne = await withPhone(test, await aNewcomer(test, project));
    expect(await answerOf(regenerateRecoveryCodes.execute(protectedOne.actor, {}))).toBe('mfa-required');
    const mfaCode = await protectedOne.phone.nextCode();
    expect(await answerOf(regenerateRecoveryCodes.execute(protectedOne.actor, { mfaCode }))).toBe('done');
  });

  it.each(DIALECTS)('turns its second factor off over %s with a code alone', async (dialect) => {
    const { phone, actor } = await withPhone(test, await aNewcomer(test, project, { dialect }));
    const { disableTotp } = test.iam.mfa;
    expect(await answerOf(disableTotp.execute(actor, { code: await phone.wrongCode() }))).toBe('mfa-invalid');
    expect(await answerOf(disableTotp.execute(actor, { code: await phone.nextCode() }))).toBe('done');
  });

  it('hands its tenant over after a recent sign-in, and after no other', async () => {
    const { actor } = await aNewcomer(test, test.platform);
    const { tenantId } = actor;
    const next = await aMemberOf(test, tenantId);
    const offer = { tenantId, newOwnerId: next.actor.userId };
    const { offerTransfer, cancelTransfer } = test.iam.tenants;
    expect(await answerOf(offerTransfer.execute(actor, offer))).toBe('done');
    await cancelTransfer.execute(actor, tenantId);
    test.clock.advance(301);
    expect(await answerOf(offerTransfer.execute(actor, offer))).toBe('reauthentication-required');
  });

  it('joins a tenant that it is invited to in a session of its own', async () => {
    const person = await aNewcomer(test, test.platform);
    const email = addressOf(person);
    const host = await anOwner(test);
    await test.iam.users.invitePerson.execute(host.actor, { email });
    const { token } = await test.mailTo(email, 'invitation');
    const { acceptInvitation } = test.iam.invitations;
    const visitor = at(test.platform, 'v1');
    expect(await answerOf(acceptInvitation.execute(visitor, { token }))).toBe('validation-error');
    const guessed = acceptInvitation.execute(visitor, { token, password: PASSWORD });
    expect(await answerOf(guessed)).toBe('invalid-credentials');
    expect(await answerOf(acceptInvitation.execute(person.actor, { token }))).toBe('done');
  });

  it('is taken, for whoever registers its address', async () => {
    const person = await aNewcomer(test, project);
    const { register } = test.iam.authentication;
    const input = { email: addressOf(person), password: PASSWORD };
    expect(await answerOf(register.execute(v1(), input))).toBe('email-already-registered');
  });

  it('changes its address as any other does', async () => {
    const person = await aNewcomer(test, project);
    const { email: next } = anIdentity();
    await test.iam.account.updateProfile.execute(person.actor, { email: next ?? '' });
    const { token } = await test.mailTo(next ?? '', 'email-change-link');
    await test.iam.account.verifyEmailByLink.execute(v1(), { token });
    expect(stateOf(test, person).email).toBe(next);
    expect(await answerOf(comeBy(test, v1(), person.identity))).toBe('done');
  });
});

describe('an invitation to an address that nobody has', () => {
  it('is for whoever comes by a provider with that address, too', async () => {
    const identity = anIdentity();
    const host = await anOwner(test);
    await test.iam.users.invitePerson.execute(host.actor, { email: identity.email ?? '' });
    const { token } = await test.mailTo(identity.email ?? '', 'invitation');
    const visitor = at(test.platform, 'v1');
    const outcome = await comeBy(test, visitor, identity);
    if (outcome.kind !== 'signed-in') throw new Error('not signed in');
    const actor = await actorOf(test, visitor, outcome.tokens.accessToken);
    expect(actor.tenantId).not.toBe(host.actor.tenantId);
    const { tokens } = await test.iam.invitations.acceptInvitation.execute(actor, { token });
    expect((await actorOf(test, visitor, tokens.accessToken)).tenantId).toBe(host.actor.tenantId);
  });
});
