import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIdentity } from '../support/a-provider.ts';
import { actorOf, at, type TestIam } from '../support/an-iam.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { changeUser } from '../support/tenancy.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  codeFor,
  has,
  meanwhile,
  signedInBy,
  switchTo,
} from './provider-people.ts';
import { answerOf, put } from './recovery-person.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
});
const v1 = (of = project) => at(of, 'v1');

const exchange = (code: { readonly code: string; readonly verifier: string }, of = project, iam = test.iam) =>
  iam.providers.exchangeCode.execute(v1(of), code);
const sessionsOf = (userId: string) =>
  [...test.store.sessions.entries()].filter(([, session]) => session.userId === userId).length;

describe('a code that a browser brings', () => {
  it('is exchanged for a session by whoever holds the verifier', async () => {
    const identity = anIdentity();
    const { tokens, lastLoginMethod } = signedInBy(await exchange(await codeFor(test, v1(), identity)));
    expect(lastLoginMethod).toBeNull();
    expect((await test.ports.tokenSigner.verify(tokens.accessToken)).amr).toEqual(['ext']);
    const again = signedInBy(await exchange(await codeFor(test, v1(), identity)));
    expect(again.lastLoginMethod).toBe(ACME);
  });

  it('is worth nothing with another verifier, or none, and is not spent by them', async () => {
    const code = await codeFor(test, v1(), anIdentity());
    const { verifier } = await codeFor(test, v1(), anIdentity());
    for (const wrong of [verifier, '', 'pv_wrong', `${code.verifier}x`]) {
      expect(await answerOf(exchange({ ...code, verifier: wrong }))).toBe('token-invalid');
    }
    expect(await answerOf(exchange(code))).toBe('done');
  });

  it('is good once', async () => {
    const code = await codeFor(test, v1(), anIdentity());
    expect(await answerOf(exchange(code))).toBe('done');
    expect(await answerOf(exchange(code))).toBe('token-invalid');
  });

  it('opens one session of sixteen', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const code = await codeFor(test, v1(), identity);
    const before = sessionsOf(actor.userId);
    const { succeeded, refused } = await sixteenAtOnce(() => exchange(code));
    expect(succeeded).toHaveLength(1);
    expect(refused).toEqual(Array.from({ length: 15 }, () => expect.objectContaining({ code: 'token-invalid' })));
    expect(sessionsOf(actor.userId)).toBe(before + 1);
  });

  it('lives for a minute', async () => {
    const [young, old] = [await codeFor(test, v1(), anIdentity()), await codeFor(test, v1(), anIdentity())];
    test.clock.advance(59);
    expect(await answerOf(exchange(young))).toBe('done');
    test.clock.advance(1);
    expect(await answerOf(exchange(old))).toBe('token-expired');
  });

  it('dies with the sessions of the account', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const code = await codeFor(test, v1(), identity);
    await changeUser(test.ports.unitOfWork, actor, actor.userId, (user) => user.endSessions(test.clock.now()));
    expect(await answerOf(exchange(code))).toBe('token-invalid');
  });

  it.each([
    ['disabled', { status: 'disabled' }, 'account-disabled'],
    ['locked', { status: 'locked' }, 'account-locked'],
  ] as const)('opens nothing to an account that was %s meanwhile', async (_, change, refusal) => {
    const { actor, identity } = await aNewcomer(test, project);
    const code = await codeFor(test, v1(), identity);
    put(test, { actor }, change);
    expect(await answerOf(exchange(code))).toBe(refusal);
  });

  it('opens nothing to an account whose sessions end while it is exchanged', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const code = await codeFor(test, v1(), identity);
    const end = () =>
      changeUser(test.ports.unitOfWork, actor, actor.userId, (user) => user.endSessions(test.clock.now()));
    const slow = meanwhile(test, has('standing'), end);
    const before = sessionsOf(actor.userId);
    expect(await answerOf(exchange(code, project, slow))).toBe('token-invalid');
    expect(sessionsOf(actor.userId)).toBe(before);
  });

  it('opens nothing once its provider is switched off or removed', async () => {
    const own = await aProjectWithProviders(test);
    const code = await codeFor(test, v1(own), anIdentity());
    await switchTo(test, own, ACME, false);
    expect(await answerOf(exchange(code, own))).toBe('not-found');
    await switchTo(test, own, ACME, true);
    await test.iam.providers.removeProvider.execute(OPERATOR, { projectId: own.id, id: ACME });
    expect(await answerOf(exchange(code, own))).toBe('not-found');
  });

  it('opens nothing where sign-in is closed by now, and nothing in another project', async () => {
    const own = await aProjectWithProviders(test);
    const code = await codeFor(test, v1(own), anIdentity());
    expect(await answerOf(exchange(code))).toBe('token-invalid');
    await test.iam.projects.updateProject.execute(OPERATOR, { id: own.id, settings: { signInEnabled: false } });
    expect(await answerOf(exchange(code, own))).toBe('sign-in-closed');
  });

  it('is no other kind of secret, and no other is one', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const { code, verifier } = await codeFor(test, v1(), identity);
    const { authentication, providers } = test.iam;
    const { tenantId } = actor;
    for (const token of [code, verifier]) {
      const chosen = authentication.selectTenant.execute(v1(), { sessionToken: token, tenantId });
      expect(await answerOf(chosen)).toBe('token-invalid');
      const challenge = providers.answerMfaChallenge.execute(v1(), { challengeToken: token, code: '123456' });
      expect(await answerOf(challenge)).toBe('token-invalid');
      const ticket = authentication.loginWithTicket.execute(at(project, 'gate'), { ticket: token, code: '123456' });
      expect(await answerOf(ticket)).toBe('token-invalid');
      expect(await answerOf(actorOf(test, v1(), token))).toBe('token-invalid');
      const refreshed = authentication.refreshSession.execute(v1(), { refreshToken: token });
      expect(await answerOf(refreshed)).toBe('token-invalid');
      expect(await answerOf(exchange({ code: verifier, verifier: code }))).toBe('token-invalid');
    }
    const started = await providers.startSignIn.execute(v1(), { providerId: ACME });
    expect(await answerOf(exchange({ code: started.state, verifier: started.verifier }))).toBe('token-invalid');
  });
});
