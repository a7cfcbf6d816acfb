import { beforeAll, describe, expect, it } from 'vitest';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIdentity, answerOfProvider } from '../support/a-provider.ts';
import { actorOf, aLoggedInUser, at, OTHER_PASSWORD, signIn, type TestIam } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { changeUser } from '../support/tenancy.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  comeBy,
  GLOBEX,
  has,
  link,
  linksOf,
  meanwhile,
  offerProviders,
  signedInBy,
  switchTo,
} from './provider-people.ts';
import { answerOf, stateOf } from './recovery-person.ts';
import { aMemberOf, anOwner } from './tenant-people.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
  await offerProviders(test, test.platform);
});
const v1 = () => at(project, 'v1');
const someone = () => someoneWhoMayEnrol(test, v1());

/** Sent to the provider, and back, but not linked yet. */
async function onTheWay(user: Awaited<ReturnType<typeof someone>>, identity = anIdentity(), providerId = ACME) {
  const { userId } = user.actor;
  const started = await test.iam.providers.startLink.execute(user.actor, { userId, providerId });
  const { state, verifier } = started;
  return { userId, providerId, state, verifier, answer: answerOfProvider(started, identity) };
}

describe('a way in that somebody links', () => {
  it('is theirs from then on, in the trail, and they are told', async () => {
    const user = await someone();
    const { userId, tenantId } = user.actor;
    const identity = anIdentity();
    const linked = await link(test, user.actor, identity, ACME);
    expect(linked).toEqual({
      id: expect.any(String),
      providerId: ACME,
      providerType: 'oidc',
      externalId: identity.externalId,
      email: identity.email,
      displayName: 'Ada Lovelace',
      linkedAt: test.clock.now(),
    });
    expect(await test.iam.providers.listLinks.execute(user.actor, userId)).toEqual([linked]);
    expect(test.audited('auth.provider.linked', { userId })).toMatchObject([
      { actorId: userId, tenantId, after: { providerId: ACME } },
    ]);
    expect(await test.mailTo(user.email, 'provider-linked')).toMatchObject({ provider: 'ACME' });
    const { tokens } = signedInBy(await comeBy(test, v1(), identity));
    expect((await actorOf(test, v1(), tokens.accessToken)).userId).toBe(userId);
  });

  it('may have any address, which proves nothing here', async () => {
    const user = await someone();
    const other = await someone();
    await link(test, user.actor, anIdentity({ email: other.email }), ACME);
    expect(stateOf(test, user)).toMatchObject({ email: user.email });
    expect(stateOf(test, other)).toMatchObject({ email: other.email });
    expect(linksOf(test, other.actor.userId)).toEqual([]);
  });

  it('is refused to whoever wants it for somebody else', async () => {
    const [user, other] = [await someone(), await someone()];
    const { startLink, finishLink } = test.iam.providers;
    const { userId } = other.actor;
    expect(await answerOf(startLink.execute(user.actor, { userId, providerId: ACME }))).toBe('forbidden');
    const own = await onTheWay(user);
    expect(await answerOf(finishLink.execute(user.actor, { ...own, userId }))).toBe('forbidden');
    const theirs = { ...own, userId };
    expect(await answerOf(finishLink.execute(other.actor, theirs))).toBe('token-invalid');
    expect([...linksOf(test, userId), ...linksOf(test, user.actor.userId)]).toEqual([]);
  });

  it('takes a recent authentication', async () => {
    const user = await someone();
    test.clock.advance(301);
    expect(await answerOf(link(test, user.actor))).toBe('reauthentication-required');
    await test.iam.authentication.reauthenticate.execute(user.actor, { password: user.password });
    expect(await answerOf(link(test, user.actor))).toBe('done');
  });

  it('is refused to an account that was never proven', async () => {
    const squatter = await aLoggedInUser(test, v1());
    expect(await answerOf(onTheWay(squatter))).toBe('email-not-verified');
    const gate = await aLoggedInUser(test, at(project, 'gate'));
    expect(await answerOf(onTheWay(gate))).toBe('email-not-verified');
  });

  it('is none that somebody has already, be it another or oneself', async () => {
    const [user, other] = [await someone(), await someone()];
    const identity = anIdentity();
    await link(test, user.actor, identity, ACME);
    expect(await answerOf(link(test, other.actor, identity, ACME))).toBe('provider-already-linked');
    expect(await answerOf(link(test, user.actor, identity, ACME))).toBe('provider-already-linked');
    expect(await answerOf(link(test, user.actor, anIdentity(), ACME))).toBe('provider-already-linked');
    expect(linksOf(test, user.actor.userId)).toHaveLength(1);
    expect(linksOf(test, other.actor.userId)).toEqual([]);
  });

  it('is one of each provider, of sixteen that come back at once', async () => {
    const user = await someone();
    const all = await Promise.all(Array.from({ length: 16 }, () => onTheWay(user)));
    const { succeeded, refused } = await sixteenAtOnce((index) =>
      test.iam.providers.finishLink.execute(user.actor, all[index] ?? neverThere()),
    );
    expect(succeeded).toHaveLength(1);
    const codes = new Set(refused.map((error) => (error as { readonly code: string }).code));
    expect([...codes].filter((code) => code !== 'provider-already-linked' && code !== 'conflict')).toEqual([]);
    expect(linksOf(test, user.actor.userId)).toHaveLength(1);
  });

  it('is one person’s, of two who link the same identity at once', async () => {
    const [user, other] = [await someone(), await someone()];
    const identity = anIdentity();
    const both = [await onTheWay(user, identity), await onTheWay(other, identity)];
    const answers = await Promise.all(
      [user, other].map(({ actor }, index) =>
        answerOf(test.iam.providers.finishLink.execute(actor, both[index] ?? neverThere())),
      ),
    );
    expect(answers.toSorted()).toEqual(['done', 'provider-already-linked']);
  });

  it('is finished in the session that it was started in, and in no other of the same person', async () => {
    const user = await someone();
    const other = await signIn(test, v1(), user);
    const { finishLink } = test.iam.providers;
    expect(await answerOf(finishLink.execute(other.actor, await onTheWay(user)))).toBe('token-invalid');
    expect(linksOf(test, user.actor.userId)).toEqual([]);
  });

  const endings: readonly (readonly [string, (user: Awaited<ReturnType<typeof someone>>) => Promise<unknown>])[] = [
    ['logs out', ({ tokens }) => test.iam.authentication.logout.execute(v1(), tokens)],
    [
      'is disabled',
      ({ actor }) => changeUser(test.ports.unitOfWork, actor, actor.userId, (user) => user.disable(test.clock.now())),
    ],
    [
      'has their password reset',
      async ({ email }) => {
        await test.iam.account.requestPasswordReset.execute(v1(), { email });
        const { token } = await test.mailTo(email, 'reset-password-link');
        return test.iam.account.resetPasswordByLink.execute(v1(), { token, newPassword: OTHER_PASSWORD });
      },
    ],
  ];
  it.each(endings)('comes to nothing when the person %s meanwhile, with or without a session', async (_, end) => {
    const user = await someone();
    const [own, atCallback] = [await onTheWay(user), await onTheWay(user)];
    await end(user);
    const { finishLink, answerProvider } = test.iam.providers;
    expect(await answerOf(finishLink.execute(user.actor, own))).toBe('token-invalid');
    expect(await answerOf(answerProvider.execute(v1(), atCallback))).toBe('token-invalid');
    expect(linksOf(test, user.actor.userId)).toEqual([]);
  });

  it('comes to nothing when the person logs out between the look and the commit', async () => {
    const user = await someone();
    const slow = meanwhile(test, has('providerType'), () => test.iam.authentication.logout.execute(v1(), user.tokens));
    const back = await onTheWay(user);
    expect(await answerOf(slow.providers.finishLink.execute(user.actor, back))).toBe('token-invalid');
    expect(linksOf(test, user.actor.userId)).toEqual([]);
  });

  it('takes the verifier: an embedder who leaves it out links nothing', async () => {
    const user = await someone();
    const { userId } = user.actor;
    const returnTo = 'https://app.example.test/welcome';
    const started = await test.iam.providers.startLink.execute(user.actor, { userId, providerId: ACME, returnTo });
    const back = { userId, providerId: ACME, state: started.state, answer: answerOfProvider(started, anIdentity()) };
    const without = { ...back, verifier: undefined as unknown as string };
    expect(await answerOf(test.iam.providers.finishLink.execute(user.actor, without))).toBe('token-invalid');
    expect(linksOf(test, userId)).toEqual([]);
  });

  it('is not to be had from a provider that is switched off', async () => {
    const own = await aProjectWithProviders(test);
    const user = await someoneWhoMayEnrol(test, at(own, 'v1'));
    const going = await onTheWay(user);
    await switchTo(test, own, ACME, false);
    expect(await answerOf(onTheWay(user))).toBe('not-found');
    expect(await answerOf(test.iam.providers.finishLink.execute(user.actor, going))).toBe('not-found');
  });

  function neverThere(): never {
    throw new Error('never there');
  }
});

describe('the ways in of somebody', () => {
  it('are seen by themselves and by whoever may list people of their tenant', async () => {
    const owner = await anOwner(test);
    const member = await aMemberOf(test, owner.actor.tenantId);
    await link(test, member.actor, anIdentity(), ACME);
    const { userId } = member.actor;
    const { listLinks } = test.iam.providers;
    const own = await listLinks.execute(member.actor, userId);
    expect(own.map(({ providerId }) => providerId)).toEqual([ACME]);
    expect(await listLinks.execute(owner.actor, userId)).toEqual(own);
    const colleague = await aMemberOf(test, owner.actor.tenantId);
    expect(await answerOf(listLinks.execute(colleague.actor, userId))).toBe('forbidden');
    const stranger = await anOwner(test);
    expect(await answerOf(listLinks.execute(stranger.actor, userId))).toBe('not-found');
  });

  it('are those of providers that are switched off too, and none of a removed one', async () => {
    const own = await aProjectWithProviders(test);
    const { actor } = await aNewcomer(test, own);
    await link(test, actor, anIdentity(), GLOBEX);
    await switchTo(test, own, GLOBEX, false);
    const listed = async () =>
      (await test.iam.providers.listLinks.execute(actor, actor.userId)).map((l) => l.providerId);
    expect(await listed()).toEqual([ACME, GLOBEX]);
    await test.iam.providers.removeProvider.execute(
      { operator: true, origin: v1().origin },
      { projectId: own.id, id: GLOBEX },
    );
    expect(await listed()).toEqual([ACME]);
  });
});
