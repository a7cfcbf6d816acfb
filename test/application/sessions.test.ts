import { beforeAll, describe, expect, it } from 'vitest';
import { MemorySessionWatch } from '../../src/adapters/memory/index.ts';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { SessionId } from '../../src/domain/session/refresh-token.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  at,
  from,
  OTHER_PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test);
});

const isInvalid = { code: 'token-invalid' };
const aUser = () => aLoggedInUser(test, at(project, 'gate'));
const lives = (actor: UserActor) => expect(test.iam.account.readProfile.execute(actor)).resolves.toBeDefined();
const isOver = (actor: UserActor) =>
  expect(test.iam.account.readProfile.execute(actor)).rejects.toMatchObject(isInvalid);
const { endOtherSessions, changePassword, endSession, listSessions } = {
  endOtherSessions: (actor: UserActor) => test.iam.account.endOtherSessions.execute(actor),
  changePassword: (actor: UserActor, currentPassword: string, newPassword = OTHER_PASSWORD) =>
    test.iam.account.changePassword.execute(actor, { currentPassword, newPassword }),
  endSession: (actor: UserActor, id: SessionId) => test.iam.account.endSession.execute(actor, id),
  listSessions: (actor: UserActor) => test.iam.account.listSessions.execute(actor),
};

describe('logging out with a refresh token', () => {
  it('ends the session at the server, once, with one record', async () => {
    const user = await aUser();
    const { succeeded } = await sixteenAtOnce(() => test.iam.authentication.logout.execute(user.visitor, user.tokens));
    expect(succeeded).toHaveLength(16);
    await isOver(user.actor);
    expect(test.audited('auth.logout', { entityId: user.actor.sessionId })).toMatchObject([
      { userId: user.actor.userId, tenantId: user.actor.tenantId },
    ]);
  });

  it('is no error for a token that is unknown, changed, or of another dialect or project, and ends nothing', async () => {
    const user = await aUser();
    const { refreshToken } = user.tokens;
    const logout = (visitor: typeof user.visitor, token: string) =>
      test.iam.authentication.logout.execute(visitor, { refreshToken: token });
    await logout(user.visitor, 'rt_unknown');
    await logout(user.visitor, `${refreshToken.slice(0, -4)}AAAA`);
    await logout(at(project, 'v1'), refreshToken);
    await logout(at(test.platform, 'gate'), refreshToken);
    await lives(user.actor);
  });

  it('works with a token that was rotated since', async () => {
    const user = await aUser();
    await test.iam.authentication.refreshSession.execute(user.visitor, user.tokens);
    await test.iam.authentication.logout.execute(user.visitor, user.tokens);
    await isOver(user.actor);
  });
});

describe('signing out as somebody', () => {
  it('ends the present session', async () => {
    const user = await aUser();
    const other = await signIn(test, user.visitor, user);
    await test.iam.authentication.endOwnSession.execute(user.actor, {});
    await isOver(user.actor);
    await lives(other.actor);
  });

  it('ends the session of a given refresh token of the same person, and of nobody else', async () => {
    const [user, stranger] = [await aUser(), await aUser()];
    const other = await signIn(test, user.visitor, user);
    await test.iam.authentication.endOwnSession.execute(user.actor, stranger.tokens);
    await lives(stranger.actor);
    await test.iam.authentication.endOwnSession.execute(user.actor, other.tokens);
    await isOver(other.actor);
    await lives(user.actor);
  });
});

describe('the own sessions', () => {
  it('are listed newest first, without what tokens are made of', async () => {
    const user = await aUser();
    test.clock.advance(1);
    const phone = await signIn(test, at(project, 'gate', from('198.51.100.9')), user);
    const sessions = await listSessions(phone.actor);
    expect(sessions.map(({ id }) => id).slice(0, 2)).toEqual([phone.actor.sessionId, user.actor.sessionId]);
    expect(sessions[0]).toMatchObject({ address: '198.51.100.9', userAgent: 'test' });
    for (const session of sessions) expect(session).not.toHaveProperty('nonce');
  });

  it('can be ended one by one', async () => {
    const user = await aUser();
    const other = await signIn(test, user.visitor, user);
    await endSession(user.actor, other.actor.sessionId);
    await isOver(other.actor);
    await lives(user.actor);
    await expect(endSession(user.actor, other.actor.sessionId)).rejects.toMatchObject({ code: 'not-found' });
    expect(test.audited('auth.session.ended', { entityId: other.actor.sessionId })).toHaveLength(1);
  });

  it("are nobody else's business", async () => {
    const [user, stranger] = [await aUser(), await aUser()];
    await expect(endSession(stranger.actor, user.actor.sessionId)).rejects.toMatchObject({ code: 'not-found' });
    await lives(user.actor);
    const ids = (await listSessions(stranger.actor)).map(({ id }) => id);
    expect(ids).not.toContain(user.actor.sessionId);
  });

  it('end all but the present one, which is refreshed on', async () => {
    const user = await aUser();
    const [one, two] = [await signIn(test, user.visitor, user), await signIn(test, user.visitor, user)];
    await endOtherSessions(one.actor);
    await lives(one.actor);
    for (const gone of [user, two]) {
      await isOver(gone.actor);
      await expect(actorOf(test, user.visitor, gone.tokens.accessToken)).rejects.toMatchObject(isInvalid);
      const refreshing = test.iam.authentication.refreshSession.execute(user.visitor, gone.tokens);
      await expect(refreshing).rejects.toMatchObject(isInvalid);
    }
    await expect(test.iam.authentication.refreshSession.execute(user.visitor, one.tokens)).resolves.toBeDefined();
    expect(await listSessions(one.actor)).toHaveLength(1);
  });
});

describe('changing the password', () => {
  it('ends every other session and keeps this one', async () => {
    const user = await aUser();
    const other = await signIn(test, user.visitor, user);
    await changePassword(user.actor, user.password);
    await lives(user.actor);
    await isOver(other.actor);
    await expect(actorOf(test, user.visitor, other.tokens.accessToken)).rejects.toMatchObject(isInvalid);
    await expect(signIn(test, user.visitor, user)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(signIn(test, user.visitor, { ...user, password: OTHER_PASSWORD })).resolves.toBeDefined();
    expect(await test.mailsTo(user.email, 'password-changed')).toHaveLength(1);
    expect(test.audited('auth.password.changed', { userId: user.actor.userId })).toHaveLength(1);
  });

  it('takes the right old one and an acceptable new one', async () => {
    const user = await aUser();
    await expect(changePassword(user.actor, OTHER_PASSWORD)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(changePassword(user.actor, user.password, 'password123')).rejects.toMatchObject({
      code: 'weak-password',
    });
    await expect(changePassword(user.actor, user.password, 'short')).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'newPassword', code: 'TOO_SHORT' }] },
    });
    await expect(changePassword(user.actor, user.password, user.email)).rejects.toMatchObject({
      code: 'weak-password',
    });
    await lives(user.actor);
  });

  it('takes no new one that is made of the name of a tenant', async () => {
    const visitor = at(test.platform, 'v1');
    const user = await aLoggedInUser(test, visitor, { organization: 'Copper Kettle Works' });
    await expect(changePassword(user.actor, user.password, 'copper kettle works1')).rejects.toMatchObject({
      code: 'weak-password',
      details: { reasons: ['contains-own-name-or-address'] },
    });
  });

  it('voids a reset that was under way', async () => {
    const user = await aUser();
    await test.iam.account.requestPasswordReset.execute(user.visitor, user);
    const { otp } = await test.mailTo(user.email, 'reset-password-otp');
    await changePassword(user.actor, user.password);
    const reset = { email: user.email, otp, newPassword: 'another lantern 99' };
    await expect(test.iam.account.resetPasswordByCode.execute(user.visitor, reset)).rejects.toMatchObject({
      code: 'otp-invalid',
    });
  });

  it('succeeds once of eight at once', async () => {
    const user = await aUser();
    const changes = await Promise.allSettled(
      Array.from({ length: 8 }, () => changePassword(user.actor, user.password)),
    );
    expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await lives(user.actor);
  });
});

describe('a session that is over', () => {
  const ended = async () => {
    const user = await aUser();
    const thief = await signIn(test, user.visitor, user);
    await endOtherSessions(user.actor);
    return { user, thief };
  };

  it('cannot carry itself over by ending the others', async () => {
    const { user, thief } = await ended();
    await expect(endOtherSessions(thief.actor)).rejects.toMatchObject(isInvalid);
    await lives(user.actor);
    await isOver(thief.actor);
  });

  it('cannot carry itself over by changing the password', async () => {
    const { user, thief } = await ended();
    await expect(changePassword(thief.actor, user.password)).rejects.toMatchObject(isInvalid);
    await lives(user.actor);
    await isOver(thief.actor);
  });

  it('ends no session, proves no password and changes no profile', async () => {
    const { user, thief } = await ended();
    await expect(endSession(thief.actor, user.actor.sessionId)).rejects.toMatchObject(isInvalid);
    const again = test.iam.authentication.reauthenticate.execute(thief.actor, { password: user.password });
    await expect(again).rejects.toMatchObject(isInvalid);
    const renamed = test.iam.account.updateProfile.execute(thief.actor, { firstName: 'Mallory' });
    await expect(renamed).rejects.toMatchObject(isInvalid);
  });
});

describe('reauthenticating', () => {
  const changeEmail = (actor: UserActor) =>
    test.iam.account.updateProfile.execute(actor, { email: `${actor.sessionId}@example.test` });

  it('opens what needs a recent authentication for five minutes, in this session', async () => {
    const user = await aUser();
    const other = await signIn(test, user.visitor, user);
    test.clock.advance(300);
    await expect(changeEmail(user.actor)).resolves.toBeDefined();
    test.clock.advance(1);
    for (const { actor } of [user, other]) {
      await expect(changeEmail(actor)).rejects.toMatchObject({
        code: 'reauthentication-required',
        details: { maxAgeSeconds: 300 },
      });
    }
    const { authenticatedAt } = await test.iam.authentication.reauthenticate.execute(user.actor, user);
    expect(authenticatedAt).toEqual(test.clock.now());
    await expect(changeEmail(user.actor)).resolves.toBeDefined();
    await expect(changeEmail(other.actor)).rejects.toMatchObject({ code: 'reauthentication-required' });
  });

  it('is not done by a refresh', async () => {
    const user = await aUser();
    test.clock.advance(301);
    const tokens = await test.iam.authentication.refreshSession.execute(user.visitor, user.tokens);
    const actor = await actorOf(test, user.visitor, tokens.accessToken);
    await expect(changeEmail(actor)).rejects.toMatchObject({ code: 'reauthentication-required' });
  });

  it('takes the right password, which must be given', async () => {
    const user = await aUser();
    const reauthenticate = (password?: string) =>
      test.iam.authentication.reauthenticate.execute(user.actor, { password });
    await expect(reauthenticate(OTHER_PASSWORD)).rejects.toMatchObject({ code: 'invalid-credentials' });
    await expect(reauthenticate()).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'password', code: 'REQUIRED' }] },
    });
  });

  it('is not overruled by what another process remembers', async () => {
    const user = await aUser();
    const replica = createIam({ ...test.ports, sessionWatch: new MemorySessionWatch() });
    test.clock.advance(301);
    await test.iam.authentication.reauthenticate.execute(user.actor, user);
    const change = replica.account.updateProfile.execute(user.actor, { email: 'fresh@example.test' });
    await expect(change).resolves.toMatchObject({ user: { pendingEmail: 'fresh@example.test' } });
  });
});
