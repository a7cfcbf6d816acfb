import { beforeAll, describe, expect, it } from 'vitest';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { ExternalIdentity } from '../../src/ports/auth-provider.ts';
import { anIdentity, answerOfProvider, answerOfWallet, aWallet } from '../support/a-provider.ts';
import { actorOf, at, OTHER_PASSWORD, type TestIam } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import { changeUser } from '../support/tenancy.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  aWalletHolder,
  comeBy,
  GLOBEX,
  link,
  meanwhile,
  type Newcomer,
  signedInBy,
  switchTo,
  WALLET,
  withPhone,
} from './provider-people.ts';
import { answerOf } from './recovery-person.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
});
const v1 = () => at(project, 'v1');

/** Sent to the provider, and back. */
async function shown(
  { actor }: Pick<Newcomer, 'actor'>,
  identity: ExternalIdentity,
  { providerId = ACME, remembered = false } = {},
) {
  const started = await test.iam.providers.startReauthentication.execute(actor, { providerId });
  const { state, verifier } = started;
  return { providerId, state, verifier, answer: answerOfProvider(started, identity, { remembered }) };
}

const finish = ({ actor }: Pick<Newcomer, 'actor'>, back: Awaited<ReturnType<typeof shown>>) =>
  test.iam.providers.finishReauthentication.execute(actor, back);
const sensitive = ({ actor }: Pick<Newcomer, 'actor'>) => answerOf(link(test, actor, anIdentity(), GLOBEX));
const violations = (attempt: Promise<unknown>): Promise<readonly { readonly field: string }[]> =>
  attempt.then(
    () => [],
    ({ details }) => details.violations,
  );

describe('somebody who has neither a password nor a second factor here', () => {
  it('shows themselves at their provider again, which opens sensitive operations for a while', async () => {
    const person = await aNewcomer(test, project);
    test.clock.advance(301);
    expect(await sensitive(person)).toBe('reauthentication-required');
    const back = await shown(person, person.identity);
    expect(await finish(person, back)).toEqual({ authenticatedAt: test.clock.now() });
    const { sessionId } = person.actor;
    expect(test.audited('auth.reauthenticated', { entityId: sessionId })).toMatchObject([
      { userId: person.actor.userId, actorId: person.actor.userId, metadata: { providerId: ACME } },
    ]);
    expect(test.store.sessions.get(`${project.id} ${sessionId}`)).toMatchObject({
      amr: ['ext'],
      authenticatedAt: test.clock.now(),
    });
    test.clock.advance(299);
    expect(await sensitive(person)).toBe('done');
  });

  it('is told that a provider is what it takes', async () => {
    const { actor } = await aNewcomer(test, project);
    const { reauthenticate } = test.iam.authentication;
    for (const given of [{}, { password: OTHER_PASSWORD }, { mfaCode: '123456' }]) {
      expect(await violations(reauthenticate.execute(actor, given))).toMatchObject([
        { field: 'providerId', code: 'REQUIRED' },
      ]);
    }
  });

  it('has to show something there: being signed in there still is not enough', async () => {
    const person = await aNewcomer(test, project);
    test.clock.advance(301);
    const back = await shown(person, person.identity, { remembered: true });
    expect(await answerOf(finish(person, back))).toBe('token-invalid');
    expect(await sensitive(person)).toBe('reauthentication-required');
  });

  it('is nobody else there: another identity is refused, be it nobody’s or somebody’s', async () => {
    const person = await aNewcomer(test, project);
    const other = await aNewcomer(test, project);
    test.clock.advance(301);
    for (const wrong of [anIdentity(), anIdentity({ email: person.identity.email }), other.identity]) {
      expect(await answerOf(finish(person, await shown(person, wrong)))).toBe('invalid-credentials');
    }
    expect(await sensitive(person)).toBe('reauthentication-required');
  });

  it('is sent to a provider of theirs alone', async () => {
    const { actor } = await aNewcomer(test, project);
    const { startReauthentication } = test.iam.providers;
    expect(await answerOf(startReauthentication.execute(actor, { providerId: GLOBEX }))).toBe('not-found');
    const own = await aProjectWithProviders(test);
    const person = await aNewcomer(test, own);
    await switchTo(test, own, ACME, false);
    expect(await answerOf(startReauthentication.execute(person.actor, { providerId: ACME }))).toBe('not-found');
  });

  it('finishes in the session that asked, which alone is fresh then', async () => {
    const person = await aNewcomer(test, project);
    const again = signedInBy(await comeBy(test, v1(), person.identity));
    const other = { actor: await actorOf(test, v1(), again.tokens.accessToken) };
    test.clock.advance(301);
    expect(await answerOf(finish(other, await shown(person, person.identity)))).toBe('token-invalid');
    expect(await answerOf(finish(person, await shown(person, person.identity)))).toBe('done');
    expect(await sensitive(other)).toBe('reauthentication-required');
    expect(await sensitive(person)).toBe('done');
  });

  it('does so at the callback, too, with the verifier', async () => {
    const person = await aNewcomer(test, project);
    test.clock.advance(301);
    const back = await shown(person, person.identity);
    expect(await test.iam.providers.answerProvider.execute(v1(), back)).toEqual({
      kind: 'reauthenticated',
      authenticatedAt: test.clock.now(),
    });
    expect(await sensitive(person)).toBe('done');
  });

  it('does not say again where they come from: the state knows', async () => {
    const person = await aNewcomer(test, project);
    const { providerId: _, ...back } = await shown(person, person.identity);
    const { finishReauthentication } = test.iam.providers;
    expect(await answerOf(finishReauthentication.execute(person.actor, back))).toBe('done');
  });

  it('signs with their wallet', async () => {
    const wallet = aWallet();
    const { actor } = await aWalletHolder(test, project, wallet);
    test.clock.advance(301);
    const started = await test.iam.providers.startReauthentication.execute(actor, { providerId: WALLET, wallet });
    const { state, verifier } = started;
    const back = { providerId: WALLET, state, verifier, answer: answerOfWallet(started, wallet) };
    expect(await answerOf(test.iam.providers.finishReauthentication.execute(actor, back))).toBe('done');
    expect(await sensitive({ actor })).toBe('done');
    const other = aWallet();
    const another = await test.iam.providers.startReauthentication.execute(actor, {
      providerId: WALLET,
      wallet: other,
    });
    const stolen = { ...another, providerId: WALLET, answer: answerOfWallet(another, other) };
    const finished = test.iam.providers.finishReauthentication.execute(actor, stolen);
    expect(await answerOf(finished)).toBe('invalid-credentials');
  });

  it('has shown nothing where the way in is given up between the look and the commit', async () => {
    const person = await aNewcomer(test, project);
    const { userId } = person.actor;
    await link(test, person.actor, person.identity, GLOBEX);
    const back = await shown(person, person.identity);
    const shownAt = () => test.store.sessions.get(`${project.id} ${person.actor.sessionId}`)?.authenticatedAt;
    const before = shownAt();
    const slow = meanwhile(
      test,
      (answer) => answer === undefined,
      () => test.iam.providers.unlink.execute(person.actor, { userId, providerId: ACME }),
    );
    test.clock.advance(30);
    const finished = slow.providers.finishReauthentication.execute(person.actor, back);
    expect(await answerOf(finished)).toBe('invalid-credentials');
    expect(shownAt()).toEqual(before);
  });

  it('has shown nothing once the session is over, or the way in is given up', async () => {
    const gone = await aNewcomer(test, project);
    const back = await shown(gone, gone.identity);
    await changeUser(test.ports.unitOfWork, gone.actor, gone.actor.userId, (user) =>
      user.endSessions(test.clock.now()),
    );
    expect(await answerOf(finish(gone, back))).toBe('token-invalid');
    const person = await aNewcomer(test, project);
    await link(test, person.actor, person.identity, GLOBEX);
    const given = await shown(person, person.identity);
    await test.iam.providers.unlink.execute(person.actor, { userId: person.actor.userId, providerId: ACME });
    expect(await answerOf(finish(person, given))).toBe('invalid-credentials');
  });
});

describe('somebody who has a factor here', () => {
  it('shows that, and no provider in its place', async () => {
    const user = await someoneWhoMayEnrol(test, v1());
    await link(test, user.actor, anIdentity(), ACME);
    const { startReauthentication } = test.iam.providers;
    const byProvider = () => violations(startReauthentication.execute(user.actor, { providerId: ACME }));
    expect(await byProvider()).toMatchObject([{ field: 'password', code: 'REQUIRED' }]);
    const app = await withPhone(test, await aNewcomer(test, project));
    expect(await violations(startReauthentication.execute(app.actor, { providerId: ACME }))).toMatchObject([
      { field: 'mfaCode', code: 'REQUIRED' },
    ]);
  });

  it('shows it too where it came while they were at the provider', async () => {
    const person = await aNewcomer(test, project);
    const back = await shown(person, person.identity);
    await withPhone(test, person);
    test.clock.advance(301);
    expect(await answerOf(finish(person, back))).toBe('token-invalid');
    expect(await sensitive(person)).toBe('reauthentication-required');
  });

  it('shows a code alone where there is no password', async () => {
    const { phone, ...person } = await withPhone(test, await aNewcomer(test, project));
    const { reauthenticate } = test.iam.authentication;
    test.clock.advance(301);
    expect(await sensitive(person)).toBe('reauthentication-required');
    expect(await answerOf(reauthenticate.execute(person.actor, {}))).toBe('mfa-required');
    expect(await answerOf(reauthenticate.execute(person.actor, { mfaCode: await phone.wrongCode() }))).toBe(
      'mfa-invalid',
    );
    expect(await answerOf(reauthenticate.execute(person.actor, { mfaCode: await phone.nextCode() }))).toBe('done');
    expect(await sensitive(person)).toBe('done');
  });
});
