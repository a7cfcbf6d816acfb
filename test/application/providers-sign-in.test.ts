import { beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import { anIdentity } from '../support/a-provider.ts';
import { actorOf, at, signIn, type TestIam } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import { anEmail } from '../support/builders.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  aProjectWithProviders,
  comeBy,
  GLOBEX,
  link,
  linksOf,
  offerProviders,
  peopleOf,
  signedInBy,
} from './provider-people.ts';
import { answerOf, lock, put, stateOf } from './recovery-person.ts';
import { tenantOf } from './tenant-people.ts';

const DIALECTS: readonly Dialect[] = ['gate', 'v1'];

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
  await offerProviders(test, test.platform);
});
const v1 = () => at(project, 'v1');

describe('somebody whom a provider knows, and nobody here', () => {
  it.each(DIALECTS)('is registered over %s, with the address that the provider has proven', async (dialect) => {
    const { actor, identity } = await aNewcomer(test, project, { dialect });
    expect(stateOf(test, { actor })).toMatchObject({
      email: identity.email,
      emailVerifiedAt: expect.any(Date),
      passwordHash: null,
      firstName: 'Ada',
      lastName: 'Lovelace',
      status: 'active',
      holdsSeat: true,
    });
    expect(linksOf(test, actor.userId)).toMatchObject([
      { providerId: ACME, externalId: identity.externalId, email: identity.email, displayName: 'Ada Lovelace' },
    ]);
  });

  it('is in a session that tells how, and in the trail', async () => {
    const { actor, tokens } = await aNewcomer(test, project);
    expect((await test.ports.tokenSigner.verify(tokens.accessToken)).amr).toEqual(['ext']);
    const { userId, sessionId } = actor;
    const registered = test.audited('auth.registered', { userId });
    expect(registered).toMatchObject([{ actorId: userId, ip: '192.0.2.1', metadata: { providerId: ACME } }]);
    expect(test.audited('auth.login.succeeded', { userId })).toMatchObject([{ entityId: sessionId }]);
  });

  it('hears nothing of a new way to sign in, since there was no other', async () => {
    const { identity } = await aNewcomer(test, project);
    expect(await test.mailsTo(identity.email ?? '', 'provider-linked')).toEqual([]);
  });

  it('lands where anybody does who signs in: in a tenant of their own, named after them', async () => {
    const { actor } = await aNewcomer(test, test.platform);
    expect(tenantOf(test, actor.tenantId)).toMatchObject({ name: "Ada's workspace", ownerId: actor.userId });
    const again = await aNewcomer(test, project);
    expect(again.actor.tenantId).toBe(project.rootTenantId);
  });

  const closed: readonly (readonly [string, ProjectSettingsPatch])[] = [
    ['registration-closed', { registrationEnabled: false }],
    ['user-limit-reached', { userLimit: 0 }],
    ['sign-in-closed', { signInEnabled: false }],
  ];
  it.each(closed)('is refused with %s as over any other way, and leaves nothing', async (code, settings) => {
    const own = await aProjectWithProviders(test);
    const { id } = own;
    const started = comeBy(test, at(own, 'v1'), anIdentity());
    await started;
    await test.iam.projects.updateProject.execute({ operator: true, origin: v1().origin }, { id, settings });
    const before = peopleOf(test, own).length;
    expect(await answerOf(comeBy(test, at(own, 'v1'), anIdentity()))).toBe(code);
    expect(peopleOf(test, own)).toHaveLength(before);
  });

  it('takes a seat: of two for the last one, one comes in', async () => {
    const own = await aProjectWithProviders(test, { userLimit: 1 });
    const outcomes = await Promise.all(
      [anIdentity(), anIdentity()].map((identity) => answerOf(comeBy(test, at(own, 'v1'), identity))),
    );
    expect(outcomes.toSorted()).toEqual(['done', 'user-limit-reached']);
  });

  it('becomes one account when they come sixteen times at once', async () => {
    const identity = anIdentity();
    const own = await aProjectWithProviders(test, { userLimit: 3 });
    const { succeeded, refused } = await sixteenAtOnce(() => comeBy(test, at(own, 'v1'), identity));
    expect(refused).toEqual([]);
    expect(succeeded.map(({ kind }) => kind)).toEqual(Array.from({ length: 16 }, () => 'signed-in'));
    expect(peopleOf(test, own)).toHaveLength(1);
    expect(test.store.seats.get(own.id)?.taken).toBe(1);
  });

  it('finds closed for good nothing that strangers have guessed at before', async () => {
    const email = anEmail();
    await lock(test, project, email);
    const { actor } = await aNewcomer(test, project, { email });
    test.clock.advance(3600);
    const { recoveryCodes } = await regenerated(await again(email, actor));
    const [recoveryCode = ''] = recoveryCodes;
    expect(await answerOf(test.iam.recovery.recover.execute(v1(), { email, recoveryCode }))).toBe('done');
  });

  it.each([
    ['a link', 'https://evil.example/'],
    ['a control character', 'Ada\u0000\u001b[31m'],
    ['half a character', 'Ada\ud800'],
    ['more than a name has', 'A'.repeat(129)],
    ['nothing but space', '  '],
  ])('brings no name along that has %s', async (_, name) => {
    const { actor } = await aNewcomer(test, test.platform, { firstName: name, lastName: name, displayName: name });
    expect(stateOf(test, { actor })).toMatchObject({ firstName: null, lastName: null });
    expect(linksOf(test, actor.userId)).toMatchObject([{ displayName: null }]);
    expect(tenantOf(test, actor.tenantId).name).not.toContain(name);
  });

  it('has no address where the provider names none that could be one', async () => {
    const { actor } = await aNewcomer(test, project, { email: 'not an address' });
    expect(stateOf(test, { actor })).toMatchObject({ email: null, emailVerifiedAt: null });
  });

  async function again(email: string, { userId }: { readonly userId: string }) {
    const [known] = [...test.store.providerLinks.entries()].filter(([, state]) => state.userId === userId);
    const identity = anIdentity({ externalId: known?.[1].externalId ?? '', email });
    const { tokens } = signedInBy(await comeBy(test, v1(), identity));
    return actorOf(test, v1(), tokens.accessToken);
  }

  function regenerated(actor: Awaited<ReturnType<typeof again>>) {
    return test.iam.recovery.regenerateRecoveryCodes.execute(actor, {});
  }
});

describe('somebody who is linked to a provider', () => {
  it.each(DIALECTS)(
    'is known over %s by the provider’s name for them alone, whatever the address there',
    async (on) => {
      const { actor, identity } = await aNewcomer(test, project);
      const moved = { ...identity, email: anEmail(), emailVerified: false, firstName: 'Other' };
      const { tokens } = signedInBy(await comeBy(test, at(project, on), moved));
      expect((await actorOf(test, at(project, on), tokens.accessToken)).userId).toBe(actor.userId);
      expect(stateOf(test, { actor })).toMatchObject({ email: identity.email, firstName: 'Ada' });
    },
  );

  it('is known to that provider, and to no other that calls somebody the same', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const namesake = { ...identity, email: anEmail() };
    const { tokens } = signedInBy(await comeBy(test, v1(), namesake, { providerId: GLOBEX }));
    expect((await actorOf(test, v1(), tokens.accessToken)).userId).not.toBe(actor.userId);
  });

  it('is nobody in another project', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    const elsewhere = await aProjectWithProviders(test);
    const { tokens } = signedInBy(await comeBy(test, at(elsewhere, 'v1'), identity));
    expect((await actorOf(test, at(elsewhere, 'v1'), tokens.accessToken)).userId).not.toBe(actor.userId);
  });

  it.each([
    ['disabled', { status: 'disabled' }, 'account-disabled'],
    ['locked', { status: 'locked' }, 'account-locked'],
    ['deleted', { deletedAt: new Date(0) }, 'account-disabled'],
  ] as const)('is refused while the account is %s, also by way of a browser', async (_, change, code) => {
    const person = await aNewcomer(test, project);
    put(test, person, change);
    expect(await answerOf(comeBy(test, v1(), person.identity))).toBe(code);
    const returned = await comeBy(test, v1(), person.identity, { returnTo: 'https://app.example.test/welcome' });
    expect(returned).toMatchObject({ kind: 'return', parameters: { error: code } });
  });

  it('is let in where an address is to be proven first: the provider has done it', async () => {
    const strict = await aProjectWithProviders(test, { emailVerificationRequired: true });
    const person = await aNewcomer(test, strict);
    expect(await answerOf(comeBy(test, at(strict, 'gate'), person.identity))).toBe('done');
  });
});

describe('how somebody signed in the time before', () => {
  it.each(DIALECTS)('is told over %s by the provider’s id', async (dialect) => {
    const visitor = at(project, dialect);
    const user = await someoneWhoMayEnrol(test, v1());
    await link(test, user.actor, anIdentity({ externalId: user.email }), ACME);
    await signIn(test, visitor, user);
    const byProvider = signedInBy(await comeBy(test, visitor, anIdentity({ externalId: user.email })));
    expect(byProvider.lastLoginMethod).toBe('email');
    const byPassword = await test.iam.authentication.login.execute(visitor, user);
    expect(byPassword).toMatchObject({ kind: 'signed-in', lastLoginMethod: ACME });
  });

  it('is told so too by whoever chose among several tenants', async () => {
    const { actor, identity } = await aNewcomer(test, project);
    await aTenantFor(test, project, actor.userId);
    const choice = await comeBy(test, v1(), identity);
    if (choice.kind !== 'tenant-selection') throw new Error('no choice');
    put(test, { actor }, { lastLoginMethod: 'email' });
    const chosen = { sessionToken: choice.sessionToken, tenantId: project.rootTenantId };
    const { accessToken } = await test.iam.authentication.selectTenant.execute(v1(), chosen);
    expect((await test.ports.tokenSigner.verify(accessToken)).amr).toEqual(['ext']);
    expect(stateOf(test, { actor }).lastLoginMethod).toBe(ACME);
  });
});
