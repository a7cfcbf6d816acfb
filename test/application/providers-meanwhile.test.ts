import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { Iam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { ProviderAdapter } from '../../src/ports/auth-provider.ts';
import { anIdentity, answerOfProvider } from '../support/a-provider.ts';
import { at, type TestIam } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  anotherProcess,
  aProjectWithProviders,
  codeFor,
  comeBy,
  configure,
  GLOBEX,
  link,
  linksOf,
  peopleOf,
  RETURN_TO,
  returnedWith,
  switchTo,
  withPhone,
} from './provider-people.ts';
import { answerOf } from './recovery-person.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
});
beforeEach(async () => {
  project = await aProjectWithProviders(test);
});
const v1 = () => at(project, 'v1');

async function makeAnew(): Promise<void> {
  await test.iam.providers.removeProvider.execute(OPERATOR, { projectId: project.id, id: ACME });
  test.clock.advance(1);
  await configure(test, project, { id: ACME, clientId: ACME });
}

/** A process whose provider takes its time: `happen` comes before its answer. */
function slowly(happen: () => Promise<unknown>): { readonly iam: Iam } {
  const { oidc } = test.ports.providerAdapters;
  if (oidc === undefined) throw new Error('no adapter');
  const slow: ProviderAdapter = {
    faultsOf: (configuration) => oidc.faultsOf(configuration),
    start: (configuration, input) => oidc.start(configuration, input),
    finish: async (configuration, input) => {
      const identity = await oidc.finish(configuration, input);
      await happen();
      return identity;
    },
  };
  return { iam: anotherProcess(test, { providerAdapters: { oidc: slow } }) };
}

describe.each([
  ['switched off', () => switchTo(test, project, ACME, false)],
  ['removed', () => test.iam.providers.removeProvider.execute(OPERATOR, { projectId: project.id, id: ACME })],
  ['made anew', makeAnew],
] as const)('a provider that is %s while it is asked', (_, happen) => {
  it('lets nobody in who was linked', async () => {
    const { identity } = await aNewcomer(test, project);
    expect(await answerOf(comeBy(slowly(happen), v1(), identity))).toMatch(/^(not-found|token-invalid)$/);
  });

  it('makes no account', async () => {
    const before = peopleOf(test, project).length;
    expect(await answerOf(comeBy(slowly(happen), v1(), anIdentity()))).toBe('not-found');
    expect(peopleOf(test, project)).toHaveLength(before);
  });

  it('gives a browser no code', async () => {
    const outcome = await comeBy(slowly(happen), v1(), anIdentity(), { returnTo: RETURN_TO });
    expect(returnedWith(outcome)).toEqual({ error: 'not-found' });
  });

  it('links nobody', async () => {
    const { actor } = await someoneWhoMayEnrol(test, v1());
    expect(await answerOf(link(slowly(happen), actor, anIdentity(), ACME))).toBe('not-found');
    expect(linksOf(test, actor.userId)).toEqual([]);
  });

  it('re-authenticates nobody', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const { iam } = slowly(happen);
    const started = await iam.providers.startReauthentication.execute(actor, { providerId: ACME });
    const { state, verifier } = started;
    const back = { providerId: ACME, state, verifier, answer: answerOfProvider(started, identity) };
    expect(await answerOf(iam.providers.finishReauthentication.execute(actor, back))).toMatch(
      /^(not-found|invalid-credentials)$/,
    );
  });
});

describe('signing in that is closed while a provider is asked', () => {
  it('lets nobody in', async () => {
    const { identity } = await aNewcomer(test, project);
    const close = async () => {
      const settings = { signInEnabled: false };
      await test.iam.projects.updateProject.execute(OPERATOR, { id: project.id, settings });
      test.clock.advance(3);
    };
    expect(await answerOf(comeBy(slowly(close), v1(), identity))).toBe('sign-in-closed');
  });
});

describe('a code that is out', () => {
  it('is nothing any more once its provider was made anew', async () => {
    const { identity } = await aNewcomer(test, project);
    const code = await codeFor(test, v1(), identity);
    await makeAnew();
    expect(await answerOf(test.iam.providers.exchangeCode.execute(v1(), code))).toBe('not-found');
  });

  it('is nothing any more once its provider was unlinked', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    await link(test, actor, anIdentity(), GLOBEX);
    const code = await codeFor(test, v1(), identity);
    await test.iam.providers.unlink.execute(actor, { userId: actor.userId, providerId: ACME });
    expect(await answerOf(test.iam.providers.exchangeCode.execute(v1(), code))).toBe('token-invalid');
  });
});

describe('a challenge that is out', () => {
  const challenged = async () => {
    const newcomer = await aNewcomer(test, project);
    await link(test, newcomer.actor, anIdentity(), GLOBEX);
    const person = await withPhone(test, newcomer);
    const refusal = await comeBy(test, v1(), person.identity).catch((error: unknown) => error);
    const { challengeToken } = (refusal as { details: { challengeToken: string } }).details;
    const answer = async () =>
      test.iam.providers.answerMfaChallenge.execute(v1(), { challengeToken, code: await person.phone.nextCode() });
    return { person, answer };
  };

  it('is nothing any more once its provider was made anew', async () => {
    const { answer } = await challenged();
    await makeAnew();
    expect(await answerOf(answer())).toBe('not-found');
  });

  it('is nothing any more once its provider was unlinked', async () => {
    const { person, answer } = await challenged();
    await test.iam.providers.unlink.execute(person.actor, { userId: person.actor.userId, providerId: ACME });
    expect(await answerOf(answer())).toBe('token-invalid');
  });
});

describe('an address with a second factor', () => {
  const aMailboxWithPhone = async () => withPhone(test, await someoneWhoMayEnrol(test, v1()));
  const challengeOf = async (attempt: Promise<unknown>) => {
    const refusal = await attempt.catch((error: unknown) => error);
    return (refusal as { details: { challengeToken: string } }).details.challengeToken;
  };

  it.each([
    ['at once', (identity = anIdentity()) => comeBy(test, v1(), identity)],
    [
      'by a code',
      async (identity = anIdentity()) =>
        test.iam.providers.exchangeCode.execute(v1(), await codeFor(test, v1(), identity)),
    ],
  ] as const)('is linked %s when the second factor was shown, and not before', async (_, comes) => {
    const { actor, email, phone } = await aMailboxWithPhone();
    const identity = anIdentity({ email });
    const challengeToken = await challengeOf(comes(identity));
    expect(linksOf(test, actor.userId)).toEqual([]);
    expect(test.audited('auth.provider.linked', { userId: actor.userId })).toEqual([]);

    await test.iam.providers.answerMfaChallenge.execute(v1(), { challengeToken, code: await phone.nextCode() });
    const { externalId } = identity;
    expect(linksOf(test, actor.userId)).toMatchObject([{ providerId: ACME, externalId, email }]);
    expect(test.audited('auth.provider.linked', { userId: actor.userId })).toHaveLength(1);
  });
});

describe('unlinking', () => {
  it('ends the sessions that there are, but for the one that it was done in', async () => {
    const { actor, identity, visitor, tokens } = await aNewcomer(test, project);
    await link(test, actor, anIdentity(), GLOBEX);
    const other = await comeBy(test, v1(), identity);
    await test.iam.providers.unlink.execute(actor, { userId: actor.userId, providerId: ACME });
    const refresh = (refreshToken: string) =>
      answerOf(test.iam.authentication.refreshSession.execute(visitor, { refreshToken }));
    expect(await refresh(other.kind === 'signed-in' ? other.tokens.refreshToken : '')).toBe('token-invalid');
    expect(await refresh(tokens.refreshToken)).toBe('done');
  });
});
