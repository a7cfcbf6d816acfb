import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProviderReturn } from '../../src/application/providers/answer-provider.ts';
import { projectOfState } from '../../src/application/providers/project-of-state.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIdentity, answerOfProvider, refusalOfProvider } from '../support/a-provider.ts';
import { at, type TestIam } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  configure,
  GLOBEX,
  peopleOf,
  RETURN_TO,
  returnedWith,
  switchTo,
} from './provider-people.ts';
import { answerOf } from './recovery-person.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
});
const v1 = () => at(project, 'v1');

/** Somebody who has been to the provider, with everything that is right. */
async function returning(returnTo?: string, of = project) {
  const started = await test.iam.providers.startSignIn.execute(at(of, 'v1'), { providerId: ACME, returnTo });
  const { state, verifier } = started;
  return { started, back: { providerId: ACME, state, verifier, answer: answerOfProvider(started, anIdentity()) } };
}

const answer = (back: ProviderReturn, of = project) => test.iam.providers.answerProvider.execute(at(of, 'v1'), back);
const withoutVerifier = ({ verifier: _, ...back }: ProviderReturn): ProviderReturn => back;

describe('a state', () => {
  it('names the project that it was made in, for a browser that brings nothing else', async () => {
    const { back } = await returning();
    expect(projectOfState(back.state)).toBe(project.id);
    expect(projectOfState('ps_secret')).toBeUndefined();
    expect(projectOfState('')).toBeUndefined();
  });

  it('is good once', async () => {
    const { back } = await returning();
    expect(await answerOf(answer(back))).toBe('done');
    expect(await answerOf(answer(back))).toBe('token-invalid');
  });

  it('lets one of sixteen in', async () => {
    const { started, back } = await returning();
    const { succeeded, refused } = await sixteenAtOnce(() =>
      answer({ ...back, answer: answerOfProvider(started, anIdentity()) }),
    );
    expect(succeeded).toHaveLength(1);
    expect(refused).toEqual(Array.from({ length: 15 }, () => expect.objectContaining({ code: 'token-invalid' })));
  });

  it('is spent by a refusal of the provider, and by what the provider never said', async () => {
    const refused = await returning();
    const no = { ...refused.back, answer: refusalOfProvider(refused.started) };
    expect(await answerOf(answer(no))).toBe('invalid-credentials');
    expect(await answerOf(answer(refused.back))).toBe('token-invalid');
    const forged = await returning();
    const made = { kind: 'redirect', parameters: { code: 'made up' } } as const;
    expect(await answerOf(answer({ ...forged.back, answer: made }))).toBe('token-invalid');
    expect(await answerOf(answer(forged.back))).toBe('token-invalid');
  });

  it('lives for ten minutes', async () => {
    const [young, old] = [await returning(), await returning()];
    test.clock.advance(599);
    expect(await answerOf(answer(young.back))).toBe('done');
    test.clock.advance(1);
    expect(await answerOf(answer(old.back))).toBe('token-expired');
    expect(await answerOf(answer(old.back))).toBe('token-invalid');
  });

  it('tells the browser of somebody who took their time, and lets nobody in', async () => {
    const { back } = await returning(RETURN_TO);
    test.clock.advance(600);
    const people = peopleOf(test, project).length;
    expect(returnedWith(await answer(back))).toEqual({ error: 'token-expired' });
    expect(peopleOf(test, project)).toHaveLength(people);
  });

  it('is worth nothing in another project', async () => {
    const elsewhere = await aProjectWithProviders(test);
    const { back } = await returning();
    expect(await answerOf(answer(back, elsewhere))).toBe('token-invalid');
    const [, secret] = back.state.split('.');
    expect(await answerOf(answer({ ...back, state: `${elsewhere.id}.${secret}` }, elsewhere))).toBe('token-invalid');
    expect(await answerOf(answer(back))).toBe('done');
  });

  it('is spent at another provider than the one that it was made for, and lets nobody in there', async () => {
    const { back } = await returning();
    const mixed = { ...back, providerId: GLOBEX };
    expect(await answerOf(answer(mixed))).toBe('token-invalid');
    expect(await answerOf(answer(back))).toBe('token-invalid');
  });

  it.each(['ps_made-up', '', '.', 'a.b.c'])('that was never made is none: %j', async (state) => {
    const { back } = await returning();
    expect(await answerOf(answer({ ...back, state }))).toBe('token-invalid');
    expect(await answerOf(answer({ ...back, state: `${project.id}.${state}` }))).toBe('token-invalid');
  });

  it('of a sign-in links nothing and opens no sensitive operation', async () => {
    const { actor } = await aNewcomer(test, project);
    const { userId } = actor;
    const { finishLink, finishReauthentication } = test.iam.providers;
    const linking = await returning();
    expect(await answerOf(finishLink.execute(actor, { ...linking.back, userId }))).toBe('token-invalid');
    const again = await returning();
    expect(await answerOf(finishReauthentication.execute(actor, again.back))).toBe('token-invalid');
    expect(await answerOf(answer(again.back))).toBe('token-invalid');
  });

  it('of a link opens no sensitive operation, and the reverse links nothing', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const { userId } = actor;
    const { startLink, finishLink, startReauthentication, finishReauthentication } = test.iam.providers;
    const link = await startLink.execute(actor, { userId, providerId: GLOBEX });
    const linked = { ...link, providerId: GLOBEX, answer: answerOfProvider(link, anIdentity()) };
    expect(await answerOf(finishReauthentication.execute(actor, linked))).toBe('token-invalid');
    const fresh = await startReauthentication.execute(actor, { providerId: ACME });
    const shown = { ...fresh, userId, providerId: ACME, answer: answerOfProvider(fresh, identity) };
    expect(await answerOf(finishLink.execute(actor, shown))).toBe('token-invalid');
  });
});

describe('a verifier', () => {
  it.each([
    ['is wrong', 'pv_wrong'],
    ['is empty', ''],
  ])('that %s spends the state, whether or not a browser is to return', async (_, verifier) => {
    for (const returnTo of [undefined, RETURN_TO]) {
      const { back } = await returning(returnTo);
      expect(await answerOf(answer({ ...back, verifier }))).toBe('token-invalid');
      expect(await answerOf(answer(back))).toBe('token-invalid');
    }
  });

  it('that belongs to another state is wrong', async () => {
    const [one, other] = [await returning(), await returning()];
    expect(await answerOf(answer({ ...one.back, verifier: other.back.verifier }))).toBe('token-invalid');
  });

  it('that is missing where no browser is to return spends the state', async () => {
    const { back } = await returning();
    expect(await answerOf(answer(withoutVerifier(back)))).toBe('token-invalid');
    expect(await answerOf(answer(back))).toBe('token-invalid');
  });

  it('that is missing where a browser is to return brings a code for whoever has it, and no token', async () => {
    const { back } = await returning(RETURN_TO);
    const outcome = await answer(withoutVerifier(back));
    expect(outcome).toEqual({ kind: 'return', returnTo: RETURN_TO, parameters: { code: expect.any(String) } });
    expect(await answerOf(answer(back))).toBe('token-invalid');
  });

  it('that is right where a browser is to return brings a code too: tokens do not travel in addresses', async () => {
    const { back } = await returning(RETURN_TO);
    expect(returnedWith(await answer(back))).toEqual({ code: expect.any(String) });
  });

  it('that the browser holds already is taken', async () => {
    const started = await test.iam.providers.startSignIn.execute(v1(), { providerId: ACME, verifier: 'pv_held' });
    expect(started.verifier).toBe('pv_held');
    const signedIn = { providerId: ACME, state: started.state, answer: answerOfProvider(started, anIdentity()) };
    expect(await answerOf(answer({ ...signedIn, verifier: 'pv_held' }))).toBe('done');
  });
});

describe('where a browser may be sent', () => {
  it.each([
    'https://app.example.test/welcome/',
    'https://app.example.test/welcome?x=1',
    'https://app.example.test/welcome#x',
    'https://APP.example.test/welcome',
    'https://app.example.test/',
    'https://evil.example/',
    '//app.example.test/welcome',
    'javascript:alert(1)',
    '',
  ])('is an address of the list as a whole, and not %j', async (returnTo) => {
    const sent = test.iam.providers.startSignIn.execute(v1(), { providerId: ACME, returnTo });
    await expect(sent).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [expect.objectContaining({ field: 'returnTo', code: 'NOT_ALLOWED' })] },
    });
  });

  it('holds for links and re-authentications too', async () => {
    const { actor } = await aNewcomer(test, project);
    const { userId } = actor;
    const returnTo = 'https://evil.example/';
    const { startLink, startReauthentication } = test.iam.providers;
    const link = startLink.execute(actor, { userId, providerId: GLOBEX, returnTo });
    expect(await answerOf(link)).toBe('validation-error');
    const again = startReauthentication.execute(actor, { providerId: ACME, returnTo });
    expect(await answerOf(again)).toBe('validation-error');
  });

  it('is where refusals go, by name and without a word more', async () => {
    const { started, back } = await returning(RETURN_TO);
    const no = { ...back, answer: refusalOfProvider(started) };
    expect(await answer(no)).toEqual({
      kind: 'return',
      returnTo: RETURN_TO,
      parameters: { error: 'invalid-credentials' },
    });
  });

  it('is where it is told that sign-in was closed in between', async () => {
    const own = await aProjectWithProviders(test);
    const [browser, page] = [await returning(RETURN_TO, own), await returning(undefined, own)];
    const closing = { id: own.id, settings: { signInEnabled: false } };
    await test.iam.projects.updateProject.execute(OPERATOR, closing);
    expect(returnedWith(await answer(browser.back, own))).toEqual({ error: 'sign-in-closed' });
    expect(await answerOf(answer(page.back, own))).toBe('sign-in-closed');
  });
});

describe('a provider that is not on offer', () => {
  it.each(['switched off', 'removed', 'never there'])('starts nothing when it is %s', async (how) => {
    const own = await aProjectWithProviders(test);
    if (how === 'switched off') await switchTo(test, own, ACME, false);
    if (how !== 'switched off')
      await test.iam.providers.removeProvider.execute(OPERATOR, { projectId: own.id, id: ACME });
    const starting = test.iam.providers.startSignIn.execute(at(own, 'v1'), { providerId: ACME });
    expect(await answerOf(starting)).toBe('not-found');
  });

  it('lets nobody in who was on the way when it was switched off, and the state is spent', async () => {
    const own = await aProjectWithProviders(test);
    const [page, browser] = [await returning(undefined, own), await returning(RETURN_TO, own)];
    await switchTo(test, own, ACME, false);
    expect(await answerOf(answer(page.back, own))).toBe('not-found');
    expect(returnedWith(await answer(browser.back, own))).toEqual({ error: 'not-found' });
    await switchTo(test, own, ACME, true);
    expect(await answerOf(answer(page.back, own))).toBe('token-invalid');
    expect(peopleOf(test, own)).toEqual([]);
  });

  it('lets nobody in who was on the way when it was removed, also where another one has its name by now', async () => {
    const own = await aProjectWithProviders(test);
    const { back } = await returning(undefined, own);
    await test.iam.providers.removeProvider.execute(OPERATOR, { projectId: own.id, id: ACME });
    await configure(test, own, { id: ACME, clientId: 'acme' });
    expect(await answerOf(answer(back, own))).toBe('token-invalid');
  });

  it('is none of a type that nobody serves', async () => {
    const own = await aProjectWithProviders(test);
    const provider = test.store.authProviders.get(`${own.id} ${ACME}`);
    if (provider === undefined) throw new Error('no provider');
    for (const type of ['saml', 'constructor', '__proto__']) {
      test.store.authProviders.put({ ...provider, type }, test.store.nextVersion());
      const starting = test.iam.providers.startSignIn.execute(at(own, 'v1'), { providerId: ACME });
      expect(await answerOf(starting)).toBe('not-found');
      const offered = await test.iam.providers.listSignInProviders.execute(at(own, 'v1'));
      expect(offered.map(({ id }) => id)).not.toContain(ACME);
    }
  });
});

describe('somebody who comes back without their verifier to link or to show themselves again', () => {
  it.each(['link', 'reauthentication'] as const)(
    'is only passing through with a %s: nothing is spent',
    async (intent) => {
      const { actor, identity } = await aNewcomer(test, project);
      const { userId } = actor;
      const { startLink, startReauthentication, finishLink, finishReauthentication } = test.iam.providers;
      const providerId = intent === 'link' ? GLOBEX : ACME;
      const started =
        intent === 'link'
          ? await startLink.execute(actor, { userId, providerId, returnTo: RETURN_TO })
          : await startReauthentication.execute(actor, { providerId, returnTo: RETURN_TO });
      const { state, verifier } = started;
      const given = answerOfProvider(started, identity);
      const { code = '', iss = '' } = given.parameters;
      const noise = { ...given, parameters: { ...given.parameters, session_state: 'x', verifier } };
      for (const _ of [1, 2]) {
        expect(await answer({ providerId, state, answer: noise })).toEqual({
          kind: 'return',
          returnTo: RETURN_TO,
          parameters: { code, state, iss },
        });
      }
      const own = { userId, providerId, state, verifier, answer: given };
      const finished = intent === 'link' ? finishLink.execute(actor, own) : finishReauthentication.execute(actor, own);
      expect(await answerOf(finished)).toBe('done');
    },
  );

  it('is refused where no page was named to go on to', async () => {
    const { actor } = await aNewcomer(test, project);
    const started = await test.iam.providers.startLink.execute(actor, { userId: actor.userId, providerId: GLOBEX });
    const { state } = started;
    const back = { providerId: GLOBEX, state, answer: answerOfProvider(started, anIdentity()) };
    expect(await answerOf(answer(back))).toBe('token-invalid');
  });

  it('does it there and then with the verifier', async () => {
    const { actor } = await someoneWhoMayEnrol(test, v1());
    const { userId } = actor;
    const started = await test.iam.providers.startLink.execute(actor, { userId, providerId: GLOBEX });
    const { state, verifier } = started;
    const back = { providerId: GLOBEX, state, verifier, answer: answerOfProvider(started, anIdentity()) };
    expect(await answer(back)).toMatchObject({ kind: 'linked', link: { providerId: GLOBEX } });
  });
});
