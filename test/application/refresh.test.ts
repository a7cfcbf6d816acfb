import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { TokenPair } from '../../src/application/authentication/token-pairs.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  at,
  type LoggedInUser,
  OTHER_PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const DAYS = 24 * 60 * 60;

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test);
});

const refresh = (visitor: LoggedInUser['visitor'], { refreshToken }: Pick<TokenPair, 'refreshToken'>) =>
  test.iam.authentication.refreshSession.execute(visitor, { refreshToken });
const aGateUser = async (settings?: ProjectSettingsPatch) =>
  aLoggedInUser(test, at(settings === undefined ? project : await aProjectOf(test, settings), 'gate'));
const aV1User = () => aLoggedInUser(test, at(test.platform, 'v1'));
const isInvalid = { code: 'token-invalid' };
const sessionOf = ({ actor }: LoggedInUser) => test.store.sessions.get(`${actor.projectId} ${actor.sessionId}`);

describe('a refresh', () => {
  it('rotates: the next pair is of the same session, and the presented token is dead', async () => {
    const user = await aGateUser();
    test.clock.advance(60);
    const next = await refresh(user.visitor, user.tokens);
    expect(next.refreshToken).not.toBe(user.tokens.refreshToken);
    expect(await actorOf(test, user.visitor, next.accessToken)).toEqual(user.actor);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
  });

  it('writes no audit record', async () => {
    const user = await aGateUser();
    const before = test.store.auditRecords().length;
    await refresh(user.visitor, user.tokens);
    expect(test.store.auditRecords()).toHaveLength(before);
  });

  it('keeps the authentication of the login', async () => {
    const user = await aGateUser();
    test.clock.advance(3600);
    const next = await refresh(user.visitor, user.tokens);
    const [before, after] = [decodeJwt(user.tokens.accessToken), decodeJwt(next.accessToken)];
    expect(after.auth_time).toBe(before.auth_time);
    expect(after.amr).toEqual(['pwd']);
    expect(after.iat).toBe((before.iat ?? 0) + 3600);
    expect(after.jti).not.toBe(before.jti);
  });

  it.each(['', 'rt_', 'rt_AAAA', 'not a token', 'rt_'.padEnd(5000, 'A')])('refuses %.12s', async (refreshToken) => {
    await expect(refresh(at(project, 'gate'), { refreshToken })).rejects.toMatchObject(isInvalid);
  });

  it('refuses a token that was changed or cut anywhere, and the session lives', async () => {
    const user = await aGateUser();
    const { refreshToken } = user.tokens;
    for (let index = 3; index < refreshToken.length; index += 7) {
      const other = refreshToken[index] === 'A' ? 'B' : 'A';
      const changed = refreshToken.slice(0, index) + other + refreshToken.slice(index + 1);
      await expect(refresh(user.visitor, { refreshToken: changed })).rejects.toMatchObject(isInvalid);
      await expect(refresh(user.visitor, { refreshToken: refreshToken.slice(0, index) })).rejects.toMatchObject(
        isInvalid,
      );
    }
    await expect(refresh(user.visitor, user.tokens)).resolves.toBeDefined();
  });
});

describe('a replay', () => {
  it('within ten seconds and before the successor was used is a race: refused, and nothing else', async () => {
    const user = await aGateUser();
    const next = await refresh(user.visitor, user.tokens);
    test.clock.advance(10);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
    expect(sessionOf(user)?.endedAt).toBeNull();
    expect(test.audited('auth.refresh-token.reused', { entityId: user.actor.sessionId })).toEqual([]);
    await expect(refresh(user.visitor, next)).resolves.toBeDefined();
  });

  const dies = async (user: LoggedInUser, replayed: TokenPair, latest: TokenPair) => {
    await expect(refresh(user.visitor, replayed)).rejects.toMatchObject(isInvalid);
    await expect(refresh(user.visitor, latest)).rejects.toMatchObject(isInvalid);
    await expect(actorOf(test, user.visitor, latest.accessToken)).rejects.toMatchObject(isInvalid);
    expect(sessionOf(user)).toMatchObject({ endedBy: 'reuse-detected' });
    expect(test.audited('auth.refresh-token.reused', { entityId: user.actor.sessionId })).toMatchObject([
      { userId: user.actor.userId, tenantId: user.actor.tenantId },
    ]);
    expect(await test.mailsTo(user.email, 'session-stolen')).toHaveLength(1);
  };

  it('later than that is theft: the session is over, recorded, and the person is told', async () => {
    const user = await aGateUser();
    const next = await refresh(user.visitor, user.tokens);
    test.clock.advance(11);
    await dies(user, user.tokens, next);
  });

  it('once the successor was used is theft at any time', async () => {
    const user = await aGateUser();
    const next = await refresh(user.visitor, user.tokens);
    const latest = await refresh(user.visitor, next);
    await dies(user, user.tokens, latest);
  });

  it.each([0, 1, 2, 3, 4])('of generation %i of six is theft', async (generation) => {
    const user = await aV1User();
    const pairs = [user.tokens];
    for (let made = 0; made < 5; made += 1) {
      test.clock.advance(11);
      pairs.push(await refresh(user.visitor, pairs.at(-1) ?? user.tokens));
    }
    test.clock.advance(11);
    await dies(user, pairs[generation] ?? user.tokens, pairs.at(-1) ?? user.tokens);
  });

  it('is told once: what comes after finds the session over', async () => {
    const user = await aGateUser();
    await refresh(user.visitor, user.tokens);
    test.clock.advance(11);
    const { refused } = await sixteenAtOnce(() => refresh(user.visitor, user.tokens));
    expect(refused).toHaveLength(16);
    for (const error of refused) expect(error).toMatchObject(isInvalid);
    expect(test.audited('auth.refresh-token.reused', { entityId: user.actor.sessionId })).toHaveLength(1);
    expect(await test.mailsTo(user.email, 'session-stolen')).toHaveLength(1);
  });

  it('ends one session and no other of the person', async () => {
    const user = await aGateUser();
    const other = await signIn(test, user.visitor, user);
    await refresh(user.visitor, user.tokens);
    test.clock.advance(11);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
    await expect(refresh(user.visitor, other.tokens)).resolves.toBeDefined();
  });
});

describe('with grace', () => {
  it('answers the same pair again: refresh token, jti, iat and exp', async () => {
    const user = await aV1User();
    test.clock.advance(30);
    const first = await refresh(user.visitor, user.tokens);
    test.clock.advance(10);
    const again = await refresh(user.visitor, user.tokens);
    expect(again).toEqual(first);
    test.clock.advance(1);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
    await expect(refresh(user.visitor, first)).rejects.toMatchObject(isInvalid);
  });

  it('is over as soon as the successor was used', async () => {
    const user = await aV1User();
    const first = await refresh(user.visitor, user.tokens);
    const second = await refresh(user.visitor, first);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
    await expect(refresh(user.visitor, second)).rejects.toMatchObject(isInvalid);
  });

  it('is ten seconds over v1 where a project sets none', async () => {
    const project = await aProjectOf(test, {
      v1Enabled: true,
      emailVerificationRequired: false,
      refreshGraceSeconds: 0,
    });
    const user = await aLoggedInUser(test, at(project, 'v1'));
    const first = await refresh(user.visitor, user.tokens);
    test.clock.advance(10);
    const again = await refresh(user.visitor, user.tokens);
    expect(again.refreshToken).toBe(first.refreshToken);
    // ECDSA signs the same claims differently each time.
    expect(decodeJwt(again.accessToken)).toEqual(decodeJwt(first.accessToken));
    test.clock.advance(1);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
    expect(sessionOf(user)).toMatchObject({ endedBy: 'reuse-detected' });
  });

  it('is what a project sets, over the Gate too', async () => {
    const user = await aGateUser({ refreshGraceSeconds: 3 });
    const first = await refresh(user.visitor, user.tokens);
    test.clock.advance(3);
    expect((await refresh(user.visitor, user.tokens)).refreshToken).toBe(first.refreshToken);
    test.clock.advance(1);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
    expect(sessionOf(user)).toMatchObject({ endedBy: 'reuse-detected' });
  });
});

describe('sixteen at once', () => {
  it('over the Gate: one succeeds, and the session lives', async () => {
    const user = await aGateUser();
    const { succeeded, refused } = await sixteenAtOnce(() => refresh(user.visitor, user.tokens));
    expect(succeeded).toHaveLength(1);
    for (const error of refused) expect(error).toMatchObject(isInvalid);
    await expect(refresh(user.visitor, succeeded[0] ?? user.tokens)).resolves.toBeDefined();
  });

  it('over v1: sixteen identical pairs', async () => {
    const user = await aV1User();
    const { succeeded } = await sixteenAtOnce(() => refresh(user.visitor, user.tokens));
    expect(succeeded).toHaveLength(16);
    expect(new Set(succeeded.map((pair) => JSON.stringify(pair))).size).toBe(1);
    await expect(refresh(user.visitor, succeeded[0] ?? user.tokens)).resolves.toBeDefined();
  });
});

describe('what a session rests on', () => {
  it('is bound to its dialect and its project', async () => {
    const [gate, v1] = [await aLoggedInUser(test, at(test.platform, 'gate')), await aV1User()];
    await expect(refresh(at(test.platform, 'v1'), gate.tokens)).rejects.toMatchObject(isInvalid);
    await expect(refresh(at(test.platform, 'gate'), v1.tokens)).rejects.toMatchObject(isInvalid);
    await expect(refresh(at(project, 'v1'), v1.tokens)).rejects.toMatchObject(isInvalid);
    await expect(refresh(at(project, 'gate'), gate.tokens)).rejects.toMatchObject(isInvalid);
    for (const user of [gate, v1]) await expect(refresh(user.visitor, user.tokens)).resolves.toBeDefined();
  });

  it.each(['disabled', 'invited'] as const)('is a person who is not %s', async (status) => {
    const user = await aGateUser();
    const state = test.store.users.get(`${project.id} ${user.actor.userId}`);
    if (state) test.store.users.put({ ...state, status }, test.store.nextVersion());
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
  });

  it('is a person who is not deleted', async () => {
    const user = await aGateUser();
    const state = test.store.users.get(`${project.id} ${user.actor.userId}`);
    if (state) test.store.users.put({ ...state, deletedAt: test.clock.now() }, test.store.nextVersion());
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
  });

  it('is a membership', async () => {
    const user = await aGateUser();
    test.store.memberships.delete(`${project.id} ${user.actor.tenantId} ${user.actor.userId}`);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
  });

  it('is a tenant that is not blocked', async () => {
    const user = await aV1User();
    const tenant = test.store.tenants.get(`${test.platform.id} ${user.actor.tenantId}`);
    if (tenant) test.store.tenants.put({ ...tenant, blockedAt: test.clock.now() }, test.store.nextVersion());
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
  });

  it('is a project that lets people sign in', async () => {
    const user = await aGateUser({});
    const closing = { id: user.actor.projectId, settings: { signInEnabled: false } };
    await test.iam.projects.updateProject.execute(OPERATOR, closing);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject({ code: 'sign-in-closed' });
  });

  it('is a password that was not changed elsewhere', async () => {
    const user = await aGateUser();
    const other = await signIn(test, user.visitor, user);
    const change = { currentPassword: user.password, newPassword: OTHER_PASSWORD };
    await test.iam.account.changePassword.execute(other.actor, change);
    await expect(refresh(user.visitor, user.tokens)).rejects.toMatchObject(isInvalid);
    await expect(refresh(user.visitor, other.tokens)).resolves.toBeDefined();
  });
});

describe('the life of a session', () => {
  it('ends when it was idle for seven days, and not before', async () => {
    const user = await aGateUser();
    test.clock.advance(7 * DAYS - 1);
    const next = await refresh(user.visitor, user.tokens);
    test.clock.advance(7 * DAYS);
    await expect(refresh(user.visitor, next)).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('ends thirty days after the sign-in, however often it is refreshed', async () => {
    const user = await aGateUser();
    let tokens = user.tokens;
    for (let week = 0; week < 5; week += 1) {
      test.clock.advance(6 * DAYS - 1);
      tokens = await refresh(user.visitor, tokens);
    }
    test.clock.advance(5);
    await expect(refresh(user.visitor, tokens)).rejects.toMatchObject({ code: 'token-expired' });
  });

  it.each([
    ['idle', { refreshIdleTtlSeconds: 60 }],
    ['absolute', { refreshAbsoluteTtlSeconds: 60 }],
  ])('is never outlived by an access token (%s limit)', async (_, settings) => {
    const user = await aGateUser(settings);
    expect(user.tokens.expiresInSeconds).toBeLessThanOrEqual(60);
    const session = sessionOf(user);
    expect(user.tokens.expiresAt.getTime()).toBeLessThanOrEqual(session?.idleExpiresAt.getTime() ?? 0);
    test.clock.advance(60);
    await expect(actorOf(test, user.visitor, user.tokens.accessToken)).rejects.toMatchObject({ code: 'token-expired' });
  });
});
