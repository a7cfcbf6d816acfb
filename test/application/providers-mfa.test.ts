import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { IamError } from '../../src/domain/errors.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { answerOfProvider } from '../support/a-provider.ts';
import { actorOf, at, OTHER_PASSWORD, type TestIam } from '../support/an-iam.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { changeUser } from '../support/tenancy.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  codeFor,
  comeBy,
  GLOBEX,
  has,
  link,
  meanwhile,
  type Newcomer,
  signedInBy,
  switchTo,
  withPhone,
} from './provider-people.ts';
import { answerOf, put, stateOf } from './recovery-person.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
});
const v1 = () => at(project, 'v1');

const aProtected = async (of = project) => withPhone(test, await aNewcomer(test, of));

/** What a sign-in answers that wants a code. */
async function challengeIn(signingIn: Promise<unknown>): Promise<string> {
  const refusal = await signingIn.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refusal instanceof IamError && refusal.is('mfa-required') && refusal.details)
    return refusal.details.challengeToken;
  throw new Error(`no code was asked for: ${String(refusal)}`);
}

const challenged = ({ identity }: Pick<Newcomer, 'identity'>, of = project) =>
  challengeIn(comeBy(test, at(of, 'v1'), identity));
const answer = (challengeToken: string, code: string, visitor = v1()) =>
  test.iam.providers.answerMfaChallenge.execute(visitor, { challengeToken, code });
const sessionsOf = (userId: string) =>
  [...test.store.sessions.entries()].filter(([, session]) => session.userId === userId).length;

describe('somebody with a second factor who comes by a provider', () => {
  it.each<Dialect>(['gate', 'v1'])('is asked for a code over %s, and has a session only with it', async (dialect) => {
    const visitor = at(project, dialect);
    const person = await aProtected();
    const before = sessionsOf(person.actor.userId);
    const challenge = await challengeIn(comeBy(test, visitor, person.identity));
    expect(sessionsOf(person.actor.userId)).toBe(before);
    const { tokens, lastLoginMethod } = signedInBy(await answer(challenge, await person.phone.nextCode(), visitor));
    expect((await test.ports.tokenSigner.verify(tokens.accessToken)).amr).toEqual(['ext', 'otp', 'mfa']);
    expect(lastLoginMethod).toBe(ACME);
    expect(stateOf(test, person).lastLoginMethod).toBe(ACME);
    expect((await actorOf(test, visitor, tokens.accessToken)).userId).toBe(person.actor.userId);
    expect(sessionsOf(person.actor.userId)).toBe(before + 1);
    expect(test.audited('auth.mfa.required', { userId: person.actor.userId })).not.toEqual([]);
  });

  it('is asked for it at the exchange of a code too, which is spent by that', async () => {
    const person = await aProtected();
    const code = await codeFor(test, v1(), person.identity);
    const challenge = await challengeIn(test.iam.providers.exchangeCode.execute(v1(), code));
    expect(await answerOf(test.iam.providers.exchangeCode.execute(v1(), code))).toBe('token-invalid');
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe('done');
  });

  it('is asked for it by every provider', async () => {
    const newcomer = await aNewcomer(test, project);
    await link(test, newcomer.actor, newcomer.identity, GLOBEX);
    await withPhone(test, newcomer);
    for (const providerId of [ACME, GLOBEX]) {
      expect(await answerOf(comeBy(test, v1(), newcomer.identity, { providerId }))).toBe('mfa-required');
    }
  });

  it('chooses among several tenants after the code', async () => {
    const person = await aProtected();
    await aTenantFor(test, project, person.actor.userId);
    const choice = await answer(await challenged(person), await person.phone.nextCode());
    if (choice.kind !== 'tenant-selection') throw new Error('no choice');
    put(test, person, { lastLoginMethod: null });
    const chosen = { sessionToken: choice.sessionToken, tenantId: project.rootTenantId };
    const { accessToken } = await test.iam.authentication.selectTenant.execute(v1(), chosen);
    expect((await test.ports.tokenSigner.verify(accessToken)).amr).toEqual(['ext', 'otp', 'mfa']);
    expect(stateOf(test, person).lastLoginMethod).toBe(ACME);
  });
});

describe('a challenge', () => {
  it('takes four wrong codes and then the right one', async () => {
    const person = await aProtected();
    const challenge = await challenged(person);
    for (const wrong of await person.phone.wrongCodes(4))
      expect(await answerOf(answer(challenge, wrong))).toBe('mfa-invalid');
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe('done');
  });

  it('is burnt by five wrong codes; the next one may be answered', async () => {
    const person = await aProtected();
    const challenge = await challenged(person);
    for (const wrong of await person.phone.wrongCodes(5))
      expect(await answerOf(answer(challenge, wrong))).toBe('mfa-invalid');
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe('token-invalid');
    expect(await answerOf(answer(await challenged(person), await person.phone.nextCode()))).toBe('done');
  });

  it('draws on the budget of the account, however many challenges there are', async () => {
    const person = await aProtected();
    const answers: string[] = [];
    for (const _ of [1, 2, 3]) {
      const challenge = await challenged(person);
      for (const wrong of await person.phone.wrongCodes(4)) answers.push(await answerOf(answer(challenge, wrong)));
    }
    expect(answers.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'mfa-invalid'));
    expect(answers.slice(10)).toEqual([expect.stringMatching('rate-limited'), expect.stringMatching('rate-limited')]);
  });

  it('opens one session of sixteen with the right code', async () => {
    const person = await aProtected();
    const challenges = await Promise.all(Array.from({ length: 4 }, () => challenged(person)));
    const code = await person.phone.nextCode();
    const before = sessionsOf(person.actor.userId);
    const { succeeded } = await sixteenAtOnce((index) => answer(challenges[index % 4] ?? '', code));
    expect(succeeded).toHaveLength(1);
    expect(sessionsOf(person.actor.userId)).toBe(before + 1);
  });

  it('is spent by success', async () => {
    const person = await aProtected();
    const challenge = await challenged(person);
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe('done');
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe('token-invalid');
  });

  it('lives for five minutes', async () => {
    const person = await aProtected();
    const challenge = await challenged(person);
    test.clock.advance(270);
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe('token-expired');
    expect(await answerOf(answer(await challenged(person), await person.phone.nextCode()))).toBe('done');
  });

  it('is worth nothing in another project, and a made-up one nowhere', async () => {
    const person = await aProtected();
    const challenge = await challenged(person);
    const elsewhere = await aProjectWithProviders(test);
    expect(await answerOf(answer(challenge, await person.phone.nextCode(), at(elsewhere, 'v1')))).toBe('token-invalid');
    expect(await answerOf(answer('mc_made-up', await person.phone.code()))).toBe('token-invalid');
  });

  const endings: readonly (readonly [string, (person: Awaited<ReturnType<typeof aProtected>>) => Promise<unknown>])[] =
    [
      [
        'a reset of the password',
        async ({ identity }) => {
          const email = identity.email ?? '';
          await test.iam.account.requestPasswordReset.execute(v1(), { email });
          const { token } = await test.mailTo(email, 'reset-password-link');
          return test.iam.account.resetPasswordByLink.execute(v1(), { token, newPassword: OTHER_PASSWORD });
        },
      ],
      [
        'the end of all sessions',
        ({ actor }) =>
          changeUser(test.ports.unitOfWork, actor, actor.userId, (user) => user.endSessions(test.clock.now())),
      ],
      [
        'the account being disabled and enabled again',
        ({ actor }) =>
          changeUser(test.ports.unitOfWork, actor, actor.userId, (user) => {
            user.disable(test.clock.now());
            user.enable(test.clock.now());
          }),
      ],
      [
        'the factor being turned off',
        async ({ actor, phone }) => test.iam.mfa.disableTotp.execute(actor, { code: await phone.nextCode() }),
      ],
    ];
  it.each(endings)('dies with %s', async (_, end) => {
    const person = await aProtected();
    const challenge = await challenged(person);
    await end(person);
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe('token-invalid');
  });

  it.each([
    ['disabled', 'account-disabled'],
    ['locked', 'account-locked'],
  ] as const)('opens nothing while the account is %s', async (status, code) => {
    const person = await aProtected();
    const challenge = await challenged(person);
    put(test, person, { status });
    expect(await answerOf(answer(challenge, await person.phone.nextCode()))).toBe(code);
  });

  it('opens nothing once its provider is switched off, or sign-in is closed', async () => {
    const own = await aProjectWithProviders(test);
    const person = await aProtected(own);
    const challenge = await challenged(person, own);
    const visitor = at(own, 'v1');
    await switchTo(test, own, ACME, false);
    expect(await answerOf(answer(challenge, await person.phone.nextCode(), visitor))).toBe('not-found');
    await switchTo(test, own, ACME, true);
    await test.iam.projects.updateProject.execute(OPERATOR, { id: own.id, settings: { signInEnabled: false } });
    expect(await answerOf(answer(challenge, await person.phone.nextCode(), visitor))).toBe('sign-in-closed');
  });

  it('is no other kind of secret', async () => {
    const person = await aProtected();
    const challengeToken = await challenged(person);
    const code = await person.phone.nextCode();
    const { authentication, providers } = test.iam;
    const ticket = authentication.loginWithTicket.execute(at(project, 'gate'), { ticket: challengeToken, code });
    expect(await answerOf(ticket)).toBe('token-invalid');
    const chosen = { sessionToken: challengeToken, tenantId: project.rootTenantId };
    expect(await answerOf(authentication.selectTenant.execute(v1(), chosen))).toBe('token-invalid');
    const exchanged = providers.exchangeCode.execute(v1(), { code: challengeToken, verifier: 'pv_any' });
    expect(await answerOf(exchanged)).toBe('token-invalid');
  });
});

describe('a factor that is turned on while somebody is on the way', () => {
  it('is asked for on their return', async () => {
    const person = await aNewcomer(test, project);
    const started = await test.iam.providers.startSignIn.execute(v1(), { providerId: ACME });
    await withPhone(test, person);
    const { state, verifier } = started;
    const back = { providerId: ACME, state, verifier, answer: answerOfProvider(started, person.identity) };
    expect(await answerOf(test.iam.providers.answerProvider.execute(v1(), back))).toBe('mfa-required');
  });

  it('opens nothing where it comes between the provider’s word and the session', async () => {
    const person = await aNewcomer(test, project);
    const before = sessionsOf(person.actor.userId);
    const slow = meanwhile(test, has('standing'), () => withPhone(test, person));
    expect(await answerOf(comeBy({ iam: slow }, v1(), person.identity))).toBe('token-invalid');
    expect(sessionsOf(person.actor.userId)).toBe(before);
    expect(await answerOf(comeBy({ iam: slow }, v1(), person.identity))).toBe('mfa-required');
  });

  it('makes a code from before worth nothing', async () => {
    const person = await aNewcomer(test, project);
    const code = await codeFor(test, v1(), person.identity);
    await withPhone(test, person);
    expect(await answerOf(test.iam.providers.exchangeCode.execute(v1(), code))).toBe('token-invalid');
  });
});
