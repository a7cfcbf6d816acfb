import { beforeAll, describe, expect, it } from 'vitest';
import { createIam } from '../../src/application/iam.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { TenantDirectory } from '../../src/ports/directories/tenant-directory.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  from,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

let test: TestIam;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
});

const v1 = () => at(test.platform, 'v1');

function block(tenantId: TenantId): void {
  const tenant = test.store.tenants.get(`${test.platform.id} ${tenantId}`);
  if (tenant) test.store.tenants.put({ ...tenant, blockedAt: test.clock.now() }, test.store.nextVersion());
}

/** Answers once sixteen have asked, so that all of them know the same. */
function askedBySixteen(directory: TenantDirectory): TenantDirectory {
  let answer = () => {};
  const allAsked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let asked = 0;
  return {
    ...directory,
    ofUser: async (projectId, userId) => {
      const tenants = await directory.ofUser(projectId, userId);
      asked += 1;
      if (asked === 16) answer();
      await allAsked;
      return tenants;
    },
  };
}

async function someoneWithTwoTenants() {
  const user = await aRegisteredUser(test, v1());
  const second = await aTenantFor(test, test.platform, user.registered.user.id);
  const selection = async () => {
    const outcome = await test.iam.authentication.login.execute(v1(), user);
    if (outcome.kind !== 'tenant-selection') throw new Error('no choice');
    return outcome;
  };
  return { ...user, first: user.registered.tenant.id, second, selection };
}

describe('where a v1 sign-in lands', () => {
  it('is the one tenant that somebody has', async () => {
    const { registered, actor } = await aLoggedInUser(test, v1());
    expect(actor.tenantId).toBe(registered.tenant.id);
  });

  it('is a tenant of their own, founded on the spot, for whoever has none', async () => {
    const user = await aRegisteredUser(test, at(test.platform, 'gate'), { firstName: 'Grace' });
    test.store.memberships.delete(`${test.platform.id} ${test.platform.rootTenantId} ${user.registered.user.id}`);
    const { actor } = await signIn(test, v1(), user);
    expect(actor.roles).toEqual(['owner']);
    expect(test.store.tenants.get(`${test.platform.id} ${actor.tenantId}`)).toMatchObject({
      name: "Grace's workspace",
      ownerId: user.registered.user.id,
    });
  });

  it('is one founded tenant for sixteen first sign-ins at once', async () => {
    const user = await aRegisteredUser(test, at(test.platform, 'gate'));
    const userId = user.registered.user.id;
    test.store.memberships.delete(`${test.platform.id} ${test.platform.rootTenantId} ${userId}`);
    const iam = createIam({ ...test.ports, tenantDirectory: askedBySixteen(test.ports.tenantDirectory) });
    const { succeeded } = await sixteenAtOnce((index) =>
      signIn({ ...test, iam }, at(test.platform, 'v1', from(`192.0.2.${index % 4}`)), user),
    );
    expect(succeeded).toHaveLength(16);
    expect(new Set(succeeded.map(({ actor }) => actor.tenantId)).size).toBe(1);
    expect([...test.store.tenants.entries()].filter(([, { ownerId }]) => ownerId === userId)).toHaveLength(1);
  });

  it('is the root tenant for whoever has none where self-service tenants are off', async () => {
    const project = await aProjectOf(test, { v1Enabled: true });
    const user = await aRegisteredUser(test, at(project, 'v1'));
    test.store.memberships.delete(`${project.id} ${project.rootTenantId} ${user.registered.user.id}`);
    const { actor } = await signIn(test, user.visitor, user);
    expect(actor).toMatchObject({ tenantId: project.rootTenantId, roles: ['user'] });
  });

  it('is a choice for whoever has several', async () => {
    const { selection, first, second } = await someoneWithTwoTenants();
    const offered = await selection();
    expect(offered.sessionToken).toMatch(/^st_/);
    expect(offered.tenants.map(({ id, role, roles }) => ({ id, role, roles }))).toEqual([
      { id: first, role: 'owner', roles: ['owner'] },
      { id: second, role: 'member', roles: ['member'] },
    ]);
  });

  it('is the remembered choice, until that one is blocked', async () => {
    const user = await someoneWithTwoTenants();
    const third = await aTenantFor(test, test.platform, user.registered.user.id);
    const { sessionToken } = await user.selection();
    const choice = { sessionToken, tenantId: user.second, rememberChoice: true };
    await test.iam.authentication.selectTenant.execute(v1(), choice);
    expect((await signIn(test, v1(), user)).actor.tenantId).toBe(user.second);
    block(user.second);
    expect((await user.selection()).tenants.map(({ id }) => id)).toEqual([user.first, third]);
  });

  it('is never a blocked tenant: the one that is left, or nothing', async () => {
    const user = await someoneWithTwoTenants();
    block(user.first);
    expect((await signIn(test, v1(), user)).actor.tenantId).toBe(user.second);
    block(user.second);
    await expect(signIn(test, v1(), user)).rejects.toMatchObject({ code: 'tenant-blocked' });
  });
});

describe('selecting a tenant', () => {
  it('signs in there, resting on the authentication of the login', async () => {
    const { selection, second } = await someoneWithTwoTenants();
    const { sessionToken } = await selection();
    test.clock.advance(120);
    const tokens = await test.iam.authentication.selectTenant.execute(v1(), { sessionToken, tenantId: second });
    const actor = await actorOf(test, v1(), tokens.accessToken);
    expect(actor).toMatchObject({ tenantId: second, roles: ['member'] });
    const session = test.store.sessions.get(`${test.platform.id} ${actor.sessionId}`);
    expect(session?.authenticatedAt.getTime()).toBe(test.clock.now().getTime() - 120_000);
  });

  it('is spent by success alone, and succeeds once of sixteen at once', async () => {
    const { selection, second } = await someoneWithTwoTenants();
    const { sessionToken } = await selection();
    const stranger = await aRegisteredUser(test, v1());
    const foreign = { sessionToken, tenantId: stranger.registered.tenant.id };
    await expect(test.iam.authentication.selectTenant.execute(v1(), foreign)).rejects.toMatchObject({
      code: 'not-found',
    });
    const { succeeded, refused } = await sixteenAtOnce(() =>
      test.iam.authentication.selectTenant.execute(v1(), { sessionToken, tenantId: second }),
    );
    expect(succeeded).toHaveLength(1);
    for (const error of refused) expect(error).toMatchObject({ code: 'token-invalid' });
  });

  it('is over after five minutes', async () => {
    const { selection, first } = await someoneWithTwoTenants();
    const { sessionToken } = await selection();
    test.clock.advance(300);
    await expect(
      test.iam.authentication.selectTenant.execute(v1(), { sessionToken, tenantId: first }),
    ).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('is over when every session of the person has ended meanwhile', async () => {
    const user = await someoneWithTwoTenants();
    const { sessionToken } = await user.selection();
    const other = await user.selection();
    const tokens = await test.iam.authentication.selectTenant.execute(v1(), { ...other, tenantId: user.first });
    await test.iam.account.endOtherSessions.execute(await actorOf(test, v1(), tokens.accessToken));
    await expect(
      test.iam.authentication.selectTenant.execute(v1(), { sessionToken, tenantId: user.first }),
    ).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('is refused to somebody who was disabled meanwhile', async () => {
    const user = await someoneWithTwoTenants();
    const { sessionToken } = await user.selection();
    const state = test.store.users.get(`${test.platform.id} ${user.registered.user.id}`);
    if (state) test.store.users.put({ ...state, status: 'disabled' }, test.store.nextVersion());
    await expect(
      test.iam.authentication.selectTenant.execute(v1(), { sessionToken, tenantId: user.first }),
    ).rejects.toMatchObject({ code: 'account-disabled' });
  });

  it('refuses a blocked tenant, another project, and the Gate', async () => {
    const { selection, first, second } = await someoneWithTwoTenants();
    const { sessionToken } = await selection();
    const select = (visitor = v1(), tenantId = second) =>
      test.iam.authentication.selectTenant.execute(visitor, { sessionToken, tenantId });
    block(second);
    await expect(select()).rejects.toMatchObject({ code: 'tenant-blocked' });
    const elsewhere = at(await aProjectOf(test, { v1Enabled: true }), 'v1');
    await expect(select(elsewhere, first)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(select(at(test.platform, 'gate'), first)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('switching the tenant', () => {
  it('opens a session there and leaves the present one alone', async () => {
    const user = await aLoggedInUser(test, v1());
    const second = await aTenantFor(test, test.platform, user.registered.user.id);
    const tokens = await test.iam.authentication.switchTenant.execute(user.actor, { tenantId: second });
    expect(await actorOf(test, v1(), tokens.accessToken)).toMatchObject({ tenantId: second, roles: ['member'] });
    await expect(test.iam.account.readProfile.execute(user.actor)).resolves.toBeDefined();
  });

  it('ends the session of a given refresh token, and takes only one of the person', async () => {
    const user = await aLoggedInUser(test, v1());
    const stranger = await aLoggedInUser(test, v1());
    const tenantId = await aTenantFor(test, test.platform, user.registered.user.id);
    const switching = (refreshToken: string) =>
      test.iam.authentication.switchTenant.execute(user.actor, { tenantId, refreshToken });
    await expect(switching(stranger.tokens.refreshToken)).rejects.toMatchObject({ code: 'token-invalid' });
    await switching(user.tokens.refreshToken);
    await expect(test.iam.account.readProfile.execute(user.actor)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(test.iam.account.readProfile.execute(stranger.actor)).resolves.toBeDefined();
  });

  it("is not-found for somebody else's tenant, like for none", async () => {
    const { actor } = await aLoggedInUser(test, v1());
    const stranger = await aRegisteredUser(test, v1());
    for (const tenantId of [stranger.registered.tenant.id, '0190a3a0-0000-7000-8000-000000000000' as TenantId]) {
      await expect(test.iam.authentication.switchTenant.execute(actor, { tenantId })).rejects.toMatchObject({
        code: 'not-found',
      });
    }
  });

  it('refuses a blocked tenant, and an actor whose session is over', async () => {
    const user = await aLoggedInUser(test, v1());
    const tenantId = await aTenantFor(test, test.platform, user.registered.user.id);
    const other = await aTenantFor(test, test.platform, user.registered.user.id);
    block(tenantId);
    const switching = (to: TenantId) => test.iam.authentication.switchTenant.execute(user.actor, { tenantId: to });
    await expect(switching(tenantId)).rejects.toMatchObject({ code: 'tenant-blocked' });
    await test.iam.authentication.endOwnSession.execute(user.actor, {});
    await expect(switching(other)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('opens nothing when the present session ends at the same time', async () => {
    const user = await aLoggedInUser(test, v1());
    const tenantId = await aTenantFor(test, test.platform, user.registered.user.id);
    const meanwhile = () => test.iam.authentication.endOwnSession.execute(user.actor, {});
    const unitOfWork = beforeCommit(test.ports.unitOfWork, meanwhile);
    const slow = createIam({ ...test.ports, unitOfWork });
    const before = [...test.store.sessions.entries()].length;
    const switching = slow.authentication.switchTenant.execute(user.actor, { tenantId });
    await expect(switching).rejects.toMatchObject({ code: 'token-invalid' });
    expect([...test.store.sessions.entries()]).toHaveLength(before);
  });

  it('never leads out of the root tenant over the Gate', async () => {
    const user = await aLoggedInUser(test, at(test.platform, 'gate'));
    const tenantId = await aTenantFor(test, test.platform, user.registered.user.id);
    await expect(test.iam.authentication.switchTenant.execute(user.actor, { tenantId })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('grants no newer authentication than the present one', async () => {
    const user = await aLoggedInUser(test, v1());
    const tenantId = await aTenantFor(test, test.platform, user.registered.user.id);
    test.clock.advance(301);
    const tokens = await test.iam.authentication.switchTenant.execute(user.actor, { tenantId });
    const actor = await actorOf(test, v1(), tokens.accessToken);
    await expect(test.iam.account.updateProfile.execute(actor, { email: 'new@example.test' })).rejects.toMatchObject({
      code: 'reauthentication-required',
    });
  });
});

it('lists the own tenants, and which of them is the present one', async () => {
  const user = await aLoggedInUser(test, v1());
  const second = await aTenantFor(test, test.platform, user.registered.user.id);
  expect(await test.iam.tenants.listOwnTenants.execute(user.actor)).toMatchObject([
    { id: user.registered.tenant.id, current: true, role: 'owner' },
    { id: second, current: false, role: 'member' },
  ]);
});

describe('one account over both dialects', () => {
  it('registers over v1, signs in over the Gate of the platform project, and joins its root tenant there', async () => {
    const user = await aRegisteredUser(test, v1());
    const { actor } = await signIn(test, at(test.platform, 'gate'), user);
    expect(actor).toMatchObject({ tenantId: test.platform.rootTenantId, roles: ['user'] });
    expect(test.audited('tenant.joined', { userId: user.registered.user.id })).toHaveLength(1);
    await signIn(test, at(test.platform, 'gate'), user);
    expect(test.audited('tenant.joined', { userId: user.registered.user.id })).toHaveLength(1);
  });

  it('registers over the Gate and signs in over v1', async () => {
    const user = await aRegisteredUser(test, at(test.platform, 'gate'));
    const { actor } = await signIn(test, v1(), user);
    expect(actor).toMatchObject({ dialect: 'v1', tenantId: test.platform.rootTenantId });
  });

  it('joins the root tenant once under sixteen Gate sign-ins at once', async () => {
    const user = await aRegisteredUser(test, v1());
    const { succeeded } = await sixteenAtOnce((index) =>
      signIn(test, at(test.platform, 'gate', from(`192.0.2.${index % 4}`)), user),
    );
    expect(succeeded).toHaveLength(16);
    expect(test.audited('tenant.joined', { userId: user.registered.user.id })).toHaveLength(1);
  });

  it('refuses the Gate while the root tenant is blocked', async () => {
    const project = await aProjectOf(test);
    const user = await aRegisteredUser(test, at(project, 'gate'));
    const root = test.store.tenants.get(`${project.id} ${project.rootTenantId}`);
    if (root) test.store.tenants.put({ ...root, blockedAt: test.clock.now() }, test.store.nextVersion());
    await expect(signIn(test, user.visitor, user)).rejects.toMatchObject({ code: 'tenant-blocked' });
    await expect(aRegisteredUser(test, user.visitor)).rejects.toMatchObject({ code: 'tenant-blocked' });
  });
});
