import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR, type UserActor } from '../../src/application/actor.ts';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { anIdentity, answerOfProvider } from '../support/a-provider.ts';
import { at, type TestIam } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  comeBy,
  GLOBEX,
  link,
  linksOf,
  meanwhile,
  offerProviders,
  switchTo,
  withPhone,
} from './provider-people.ts';
import { answerOf } from './recovery-person.ts';
import { aMemberOf, anOwner, join } from './tenant-people.ts';

const ROUNDS = 16;

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
  await offerProviders(test, test.platform);
});
const v1 = () => at(project, 'v1');

const unlink = (actor: UserActor, providerId: ProviderId, userId: UserId = actor.userId, iam = test.iam) =>
  iam.providers.unlink.execute(actor, { userId, providerId });
const providersOf = (userId: UserId) => linksOf(test, userId).map(({ providerId }) => providerId);

/** With two providers and nothing else. */
async function aPersonOfTwo(of: ProjectState = project) {
  const person = await aNewcomer(test, of);
  await link(test, person.actor, person.identity, GLOBEX);
  return person;
}

describe('a way in that somebody gives up', () => {
  it('opens nothing any more, is in the trail, and they are told', async () => {
    const { actor, identity } = await aPersonOfTwo();
    const { userId, tenantId } = actor;
    await unlink(actor, GLOBEX);
    expect(providersOf(userId)).toEqual([ACME]);
    expect(test.audited('auth.provider.unlinked', { userId })).toMatchObject([
      { actorId: userId, tenantId, before: { providerId: GLOBEX } },
    ]);
    expect(await test.mailTo(identity.email ?? '', 'provider-unlinked')).toMatchObject({ provider: 'GLOBEX' });
    const gone = comeBy(test, v1(), { ...identity, emailVerified: false }, { providerId: GLOBEX });
    expect(await answerOf(gone)).toBe('email-already-registered');
  });

  it('may be linked again, also to somebody else', async () => {
    const { actor, identity } = await aPersonOfTwo();
    await unlink(actor, GLOBEX);
    const other = await someoneWhoMayEnrol(test, v1());
    expect(await answerOf(link(test, other.actor, identity, GLOBEX))).toBe('done');
  });

  it('is never the last one', async () => {
    const { actor } = await aPersonOfTwo();
    await unlink(actor, ACME);
    expect(await answerOf(unlink(actor, GLOBEX))).toBe('last-provider');
    expect(providersOf(actor.userId)).toEqual([GLOBEX]);
    expect(test.audited('auth.provider.unlinked', { userId: actor.userId })).toHaveLength(1);
  });

  it('may be the last one where there is a password', async () => {
    const { actor } = await someoneWhoMayEnrol(test, v1());
    await link(test, actor, anIdentity(), GLOBEX);
    expect(await answerOf(unlink(actor, GLOBEX))).toBe('done');
    expect(providersOf(actor.userId)).toEqual([]);
  });

  it('may not be the last one because of an authenticator app: that is no way in', async () => {
    const { actor } = await withPhone(test, await aNewcomer(test, project));
    expect(await answerOf(unlink(actor, ACME))).toBe('last-provider');
  });

  it('is the last one where the others are switched off', async () => {
    const own = await aProjectWithProviders(test);
    const { actor } = await aPersonOfTwo(own);
    await switchTo(test, own, GLOBEX, false);
    expect(await answerOf(unlink(actor, ACME))).toBe('last-provider');
    expect(await answerOf(unlink(actor, GLOBEX))).toBe('done');
  });

  it('is one that the person has', async () => {
    const { actor } = await someoneWhoMayEnrol(test, v1());
    expect(await answerOf(unlink(actor, GLOBEX))).toBe('not-found');
    expect(await answerOf(unlink(actor, 'nobody' as ProviderId))).toBe('not-found');
  });

  it('takes a recent authentication, and a session that is not over', async () => {
    const old = await aPersonOfTwo();
    const over = await aPersonOfTwo();
    await test.iam.authentication.logout.execute(v1(), over.tokens);
    expect(await answerOf(unlink(over.actor, GLOBEX))).toBe('token-invalid');
    test.clock.advance(301);
    expect(await answerOf(unlink(old.actor, GLOBEX))).toBe('reauthentication-required');
    expect(providersOf(old.actor.userId)).toHaveLength(2);
  });

  it('stays when the person logs out between the look and the commit', async () => {
    const { actor, tokens } = await aPersonOfTwo();
    const slow = happening(() => test.iam.authentication.logout.execute(v1(), tokens));
    expect(await answerOf(unlink(actor, GLOBEX, actor.userId, slow))).toBe('token-invalid');
    expect(providersOf(actor.userId)).toHaveLength(2);
  });

  it('leaves one way in when both are given up at once, round after round', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { actor } = await aPersonOfTwo();
      const answers = await Promise.all([ACME, GLOBEX].map((id) => answerOf(unlink(actor, id))));
      expect(answers.toSorted()).toEqual(['done', 'last-provider']);
      expect(providersOf(actor.userId)).toHaveLength(1);
    }
  });

  it('leaves one way in when the other is given up between the look and the commit, round after round', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { actor } = await aPersonOfTwo();
      const [mine, theirs] = round % 2 === 0 ? [ACME, GLOBEX] : [GLOBEX, ACME];
      const slow = happening(() => unlink(actor, theirs));
      expect(await answerOf(unlink(actor, mine, actor.userId, slow))).toBe('last-provider');
      expect(providersOf(actor.userId)).toEqual([mine]);
    }
  });

  it('leaves one way in when the other is switched off, or removed, between the look and the commit', async () => {
    for (const end of ['off', 'removed']) {
      const own = await aProjectWithProviders(test);
      const { actor } = await aPersonOfTwo(own);
      const removal = { projectId: own.id, id: GLOBEX };
      const slow = happening(() =>
        end === 'off'
          ? switchTo(test, own, GLOBEX, false)
          : test.iam.providers.removeProvider.execute(OPERATOR, removal),
      );
      expect(await answerOf(unlink(actor, ACME, actor.userId, slow))).toBe('last-provider');
      expect(providersOf(actor.userId)).toContain(ACME);
    }
  });

  it('leaves the new one when one is linked and the other given up at once', async () => {
    const { actor } = await aNewcomer(test, project);
    const { userId } = actor;
    const started = await test.iam.providers.startLink.execute(actor, { userId, providerId: GLOBEX });
    const { state, verifier } = started;
    const answer = answerOfProvider(started, anIdentity());
    const linking = test.iam.providers.finishLink.execute(actor, {
      userId,
      providerId: GLOBEX,
      state,
      verifier,
      answer,
    });
    await Promise.all([linking, answerOf(unlink(actor, ACME))]);
    expect(providersOf(userId)).toContain(GLOBEX);
  });

  const happening = (happen: () => Promise<unknown>) => meanwhile(test, () => true, happen);
});

describe('a way in that an administrator takes away', () => {
  /** Somebody whom one tenant alone governs: their own is gone. */
  async function aSoleMember(tenantId: UserActor['tenantId'], roles: readonly string[] = ['member']) {
    const person = await aPersonOfTwo(test.platform);
    await join(test, tenantId, person.actor.userId, roles);
    test.store.memberships.delete(`${test.platform.id} ${person.actor.tenantId} ${person.actor.userId}`);
    return person;
  }

  it('is gone, in the trail as theirs, and the person is told', async () => {
    const owner = await anOwner(test);
    const { actor, identity } = await aSoleMember(owner.actor.tenantId);
    await unlink(owner.actor, GLOBEX, actor.userId);
    expect(providersOf(actor.userId)).toEqual([ACME]);
    expect(test.audited('auth.provider.unlinked', { userId: actor.userId })).toMatchObject([
      { actorId: owner.actor.userId, tenantId: owner.actor.tenantId },
    ]);
    expect(await test.mailTo(identity.email ?? '', 'provider-unlinked')).toMatchObject({ provider: 'GLOBEX' });
  });

  it('is never the last one either', async () => {
    const owner = await anOwner(test);
    const { actor } = await aSoleMember(owner.actor.tenantId);
    await unlink(owner.actor, GLOBEX, actor.userId);
    expect(await answerOf(unlink(owner.actor, ACME, actor.userId))).toBe('last-provider');
  });

  it('takes the permission, and a recent authentication', async () => {
    const owner = await anOwner(test);
    const { actor } = await aSoleMember(owner.actor.tenantId);
    const colleague = await aMemberOf(test, owner.actor.tenantId);
    expect(await answerOf(unlink(colleague.actor, GLOBEX, actor.userId))).toBe('forbidden');
    expect(test.audited('auth.forbidden', { actorId: colleague.actor.userId })).toMatchObject([
      { metadata: { requiredPermission: 'users.update' } },
    ]);
    test.clock.advance(301);
    expect(await answerOf(unlink(owner.actor, GLOBEX, actor.userId))).toBe('reauthentication-required');
    expect(providersOf(actor.userId)).toHaveLength(2);
  });

  it('is not to be taken from somebody of several tenants, nor from one who holds more, nor from a stranger', async () => {
    const owner = await anOwner(test);
    const { tenantId } = owner.actor;
    const helper = await aMemberOf(test, tenantId, ['admin']);
    const several = await aPersonOfTwo(test.platform);
    await join(test, tenantId, several.actor.userId);
    await link(test, owner.actor, anIdentity(), GLOBEX);
    const stranger = await aPersonOfTwo(test.platform);
    expect(await answerOf(unlink(owner.actor, GLOBEX, several.actor.userId))).toBe('forbidden');
    expect(await answerOf(unlink(helper.actor, GLOBEX, owner.actor.userId))).toBe('forbidden');
    expect(await answerOf(unlink(owner.actor, GLOBEX, stranger.actor.userId))).toBe('not-found');
    expect(providersOf(several.actor.userId)).toHaveLength(2);
    expect(providersOf(owner.actor.userId)).toEqual([GLOBEX]);
    expect(providersOf(stranger.actor.userId)).toHaveLength(2);
  });
});
