import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  at,
  type LoggedInUser,
  signIn,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { anId } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { answerOf } from './recovery-person.ts';
import { aMemberOf, anOwner, entering, join, personOf, rolesIn, tenantOf } from './tenant-people.ts';

let test: TestIam;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
});

const v1 = () => at(test.platform, 'v1');
const somewhere = anId<TenantId>();
const first = { after: undefined, limit: 100 };

function refusals(actor: UserActor, requiredPermission: string) {
  return test
    .audited('auth.forbidden', { actorId: actor.userId })
    .filter(({ metadata }) => metadata?.requiredPermission === requiredPermission);
}

describe('making a tenant', () => {
  it('founds one that the caller owns, with its starter roles, beside the others', async () => {
    const { actor } = await anOwner(test);
    const logoUrl = 'https://example.com/logo.png';
    const tenant = await test.iam.tenants.createTenant.execute(actor, { name: 'Acme', logoUrl });
    expect(tenant).toEqual({
      ...tenantOf(test, tenant.id),
      name: 'Acme',
      logoUrl,
      ownerId: actor.userId,
      blockedAt: null,
    });
    expect(rolesIn(test, tenant.id, actor.userId)).toEqual(['owner']);
    const slugs = test.store.roles.ofGroup('tenant', `${test.platform.id} ${tenant.id}`).map(({ slug }) => slug);
    expect(slugs.toSorted()).toEqual(['admin', 'member', 'owner']);
    const own = await test.iam.tenants.listOwnTenants.execute(actor);
    expect(own.map(({ id, role, current }) => ({ id, role, current }))).toEqual([
      { id: actor.tenantId, role: 'owner', current: true },
      { id: tenant.id, role: 'owner', current: false },
    ]);
    expect(test.audited('tenant.created', { entityId: tenant.id })).toMatchObject([
      { tenantId: tenant.id, actorId: actor.userId, after: { name: 'Acme' } },
    ]);
  });

  it('has no logo unless one is given', async () => {
    const { actor } = await anOwner(test);
    expect((await test.iam.tenants.createTenant.execute(actor, { name: 'Plain' })).logoUrl).toBeNull();
  });

  it('takes a proven address', async () => {
    const { actor } = await aLoggedInUser(test, v1());
    expect(await answerOf(test.iam.tenants.createTenant.execute(actor, { name: 'Acme' }))).toBe('email-not-verified');
    expect(await test.iam.tenants.listOwnTenants.execute(actor)).toHaveLength(1);
  });

  it('is for projects in which people make tenants of their own', async () => {
    const project = await aProjectOf(test, { v1Enabled: true });
    const { actor } = await aLoggedInUser(test, at(project, 'v1'));
    expect(await answerOf(test.iam.tenants.createTenant.execute(actor, { name: 'Acme' }))).toBe('forbidden');
    expect(await test.iam.tenants.listOwnTenants.execute(actor)).toHaveLength(1);
  });

  it('makes none for somebody whose session ends, or who is disabled, at the same time', async () => {
    const { actor } = await anOwner(test);
    const disabled = await anOwner(test);
    const disable = async () => {
      const state = personOf(test, disabled.actor);
      test.store.users.put({ ...state, status: 'disabled' }, test.store.nextVersion());
    };
    const create = (meanwhile: () => Promise<void>, by: UserActor) =>
      createIam({
        ...test.ports,
        unitOfWork: beforeCommit(test.ports.unitOfWork, meanwhile),
      }).tenants.createTenant.execute(by, { name: 'Acme' });
    const signOut = () => test.iam.authentication.endOwnSession.execute(actor, {});
    expect(await answerOf(create(signOut, actor))).toBe('token-invalid');
    expect(await answerOf(create(disable, disabled.actor))).toBe('token-invalid');
    const owned = [...test.store.tenants.entries()].filter(
      ([, { ownerId }]) => ownerId === actor.userId || ownerId === disabled.actor.userId,
    );
    expect(owned).toHaveLength(2);
  });
});

describe('reading and changing a tenant', () => {
  let owner: LoggedInUser;
  let tenantId: TenantId;
  beforeAll(async () => {
    owner = await anOwner(test);
    tenantId = owner.actor.tenantId;
  });
  const read = (actor: UserActor, id: TenantId) => test.iam.tenants.readTenant.execute(actor, id);
  const rename = (actor: UserActor, id: TenantId, name = 'Renamed') =>
    test.iam.tenants.updateTenant.execute(actor, { id, name });

  it('is for whoever has settings.read and settings.update in it', async () => {
    const admin = await aMemberOf(test, tenantId, ['admin']);
    for (const { actor } of [owner, admin]) {
      await expect(read(actor, tenantId)).resolves.toEqual(tenantOf(test, tenantId));
      expect(await rename(actor, tenantId, `By ${actor.userId}`)).toEqual(tenantOf(test, tenantId));
      expect(tenantOf(test, tenantId).name).toBe(`By ${actor.userId}`);
    }
  });

  it('leaves a trace of whoever lacks them', async () => {
    const { actor } = await aMemberOf(test, tenantId);
    const before = tenantOf(test, tenantId);
    expect(await answerOf(read(actor, tenantId))).toBe('forbidden');
    expect(await answerOf(rename(actor, tenantId))).toBe('forbidden');
    expect(refusals(actor, 'settings.read')).toHaveLength(1);
    expect(refusals(actor, 'settings.update')).toHaveLength(1);
    expect(tenantOf(test, tenantId)).toEqual(before);
  });

  it('is not-found for another tenant, like for none, even one that they own', async () => {
    const stranger = await aMemberOf(test, tenantId);
    const before = tenantOf(test, stranger.registered.tenant.id);
    for (const id of [stranger.registered.tenant.id, somewhere]) {
      expect(await answerOf(read(stranger.actor, id))).toBe('not-found');
      expect(await answerOf(rename(stranger.actor, id))).toBe('not-found');
    }
    expect(tenantOf(test, stranger.registered.tenant.id)).toEqual(before);
  });

  it('is for the owner of the platform in any tenant of the project', async () => {
    const platformOwner = await thePlatformOwner(test);
    await expect(read(platformOwner, tenantId)).resolves.toMatchObject({ id: tenantId });
    await expect(rename(platformOwner, tenantId, 'By the platform')).resolves.toMatchObject({
      name: 'By the platform',
    });
    const records = test.audited('tenant.updated', { entityId: tenantId, actorId: platformOwner.userId });
    expect(records.map((record) => record.tenantId)).toEqual([tenantId, test.platform.rootTenantId]);
    const project = await aProjectOf(test);
    for (const id of [project.rootTenantId, somewhere]) {
      expect(await answerOf(read(platformOwner, id))).toBe('not-found');
      expect(await answerOf(rename(platformOwner, id))).toBe('not-found');
    }
  });

  it('changes what is given alone, and records that', async () => {
    const { actor } = await anOwner(test);
    const id = actor.tenantId;
    const { name } = tenantOf(test, id);
    const logoUrl = 'https://example.com/logo.png';
    const { updateTenant } = test.iam.tenants;
    await expect(updateTenant.execute(actor, { id, logoUrl })).resolves.toMatchObject({ name, logoUrl });
    await expect(updateTenant.execute(actor, { id, name: 'Acme' })).resolves.toMatchObject({ name: 'Acme', logoUrl });
    await expect(updateTenant.execute(actor, { id, logoUrl: null })).resolves.toMatchObject({ logoUrl: null });
    const records = test.audited('tenant.updated', { tenantId: id, actorId: actor.userId });
    expect(records.map(({ before, after }) => ({ before, after }))).toEqual([
      { before: { logoUrl: null }, after: { logoUrl } },
      { before: { name }, after: { name: 'Acme' } },
      { before: { logoUrl }, after: { logoUrl: null } },
    ]);
  });

  it('changes nothing unless it stands as the caller has seen it', async () => {
    const { actor } = await anOwner(test);
    const seen = await read(actor, actor.tenantId);
    test.clock.advance(1);
    const change = (name: string) =>
      test.iam.tenants.updateTenant.execute(actor, {
        id: actor.tenantId,
        name,
        ifMatch: ({ updatedAt }) => updatedAt.getTime() === seen.updatedAt.getTime(),
      });
    await expect(change('First')).resolves.toMatchObject({ name: 'First' });
    expect(await answerOf(change('Second'))).toBe('precondition-failed');
    expect(tenantOf(test, actor.tenantId).name).toBe('First');
  });
});

describe('listing tenants', () => {
  it('shows the owner of the platform all of the project, page by page, newest first', async () => {
    const platformOwner = await thePlatformOwner(test);
    const { actor } = await anOwner(test);
    const project = await aProjectOf(test);
    const all = await test.iam.tenants.listTenants.execute(platformOwner, first);
    const ids = all.items.map(({ id }) => id);
    expect(ids).toContain(actor.tenantId);
    expect(ids).toContain(test.platform.rootTenantId);
    expect(ids).not.toContain(project.rootTenantId);
    expect(ids).toEqual(ids.toSorted().toReversed());
    const page = await test.iam.tenants.listTenants.execute(platformOwner, { after: ids[0], limit: 1 });
    expect(page).toEqual({ items: [all.items[1]], hasMore: true });
  });

  it('is refused to everybody else, with a trace', async () => {
    const { actor } = await anOwner(test);
    expect(await answerOf(test.iam.tenants.listTenants.execute(actor, first))).toBe('forbidden');
    expect(refusals(actor, 'tenants.list')).toHaveLength(1);
  });
});

describe('a blocked tenant', () => {
  const block = async (id: TenantId) => test.iam.tenants.blockTenant.execute(await thePlatformOwner(test), id);
  const unblock = async (id: TenantId) => test.iam.tenants.unblockTenant.execute(await thePlatformOwner(test), id);

  it('ends what is signed in there at once, and leaves other tenants alone', async () => {
    const owner = await anOwner(test);
    const member = await aMemberOf(test, owner.actor.tenantId);
    const home = await entering(test, member, member.registered.tenant.id);
    await expect(block(owner.actor.tenantId)).resolves.toMatchObject({ blockedAt: test.clock.now() });
    for (const { tokens } of [owner, member]) {
      expect(await answerOf(actorOf(test, v1(), tokens.accessToken))).toBe('token-invalid');
      expect(await answerOf(test.iam.authentication.refreshSession.execute(v1(), tokens))).toBe('token-invalid');
    }
    expect(await answerOf(actorOf(test, v1(), home.tokens.accessToken))).toBe('done');
  });

  it('is nowhere to land: nobody signs in, selects or switches there', async () => {
    const owner = await anOwner(test);
    const member = await aMemberOf(test, owner.actor.tenantId);
    const home = await entering(test, member, member.registered.tenant.id);
    const { tenantId } = owner.actor;
    const offered = await test.iam.authentication.login.execute(v1(), member);
    if (offered.kind !== 'tenant-selection') throw new Error('no choice');
    await block(tenantId);
    expect(await answerOf(test.iam.authentication.login.execute(v1(), owner))).toBe('tenant-blocked');
    expect((await signIn(test, v1(), member)).actor.tenantId).toBe(member.registered.tenant.id);
    const { selectTenant, switchTenant } = test.iam.authentication;
    const { sessionToken } = offered;
    expect(await answerOf(selectTenant.execute(v1(), { sessionToken, tenantId }))).toBe('tenant-blocked');
    expect(await answerOf(switchTenant.execute(home.actor, { tenantId }))).toBe('tenant-blocked');
  });

  it('is passed over where it was the remembered one, and remembered again once it is unblocked', async () => {
    const owner = await anOwner(test);
    const { tenantId } = owner.actor;
    const member = await aMemberOf(test, tenantId);
    const third = await test.iam.tenants.createTenant.execute(member.actor, { name: 'Third' });
    const choose = async () => {
      const answer = await test.iam.authentication.login.execute(v1(), member);
      if (answer.kind !== 'tenant-selection') throw new Error('no choice');
      return answer;
    };
    const { sessionToken } = await choose();
    await test.iam.authentication.selectTenant.execute(v1(), { sessionToken, tenantId, rememberChoice: true });
    await block(tenantId);
    expect((await choose()).tenants.map(({ id }) => id)).toEqual([member.registered.tenant.id, third.id]);
    await unblock(tenantId);
    expect((await signIn(test, v1(), member)).actor.tenantId).toBe(tenantId);
  });

  it('opens again', async () => {
    const owner = await anOwner(test);
    await block(owner.actor.tenantId);
    await expect(unblock(owner.actor.tenantId)).resolves.toMatchObject({ blockedAt: null });
    expect((await signIn(test, v1(), owner)).actor.tenantId).toBe(owner.actor.tenantId);
  });

  it('ends the sessions that were open, for good', async () => {
    const owner = await anOwner(test);
    test.clock.advance(1);
    await block(owner.actor.tenantId);
    test.clock.advance(1);
    await unblock(owner.actor.tenantId);
    const { visitor, tokens } = owner;
    await expect(actorOf(test, visitor, tokens.accessToken)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(test.iam.authentication.refreshSession.execute(visitor, tokens)).rejects.toMatchObject({
      code: 'token-invalid',
    });
    test.clock.advance(1);
    await signIn(test, visitor, owner);
  });

  it('is blocked once and unblocked once, however often it is asked for', async () => {
    const { tenantId } = (await anOwner(test)).actor;
    const { blockedAt } = await block(tenantId);
    test.clock.advance(1);
    await expect(block(tenantId)).resolves.toMatchObject({ blockedAt });
    await unblock(tenantId);
    await unblock(tenantId);
    for (const action of ['tenant.blocked', 'tenant.unblocked'] as const) {
      const where = test.audited(action, { entityId: tenantId }).map((record) => record.tenantId);
      expect(where).toEqual([tenantId, test.platform.rootTenantId]);
    }
  });

  it('is never that of the platform', async () => {
    expect(await answerOf(block(test.platform.rootTenantId))).toBe('owner-protected');
    expect(tenantOf(test, test.platform.rootTenantId).blockedAt).toBeNull();
  });

  it('is one of the project', async () => {
    const project = await aProjectOf(test);
    for (const id of [project.rootTenantId, somewhere]) {
      expect(await answerOf(block(id))).toBe('not-found');
      expect(await answerOf(unblock(id))).toBe('not-found');
    }
  });

  it('is blocked by the owner of the platform alone, not even by its own', async () => {
    const { actor } = await anOwner(test);
    const { blockTenant, unblockTenant } = test.iam.tenants;
    expect(await answerOf(blockTenant.execute(actor, actor.tenantId))).toBe('forbidden');
    expect(await answerOf(unblockTenant.execute(actor, actor.tenantId))).toBe('forbidden');
    expect(refusals(actor, 'tenants.block')).toHaveLength(2);
  });

  it('is not blocked by an admin of the platform', async () => {
    const { actor, visitor } = await anOwner(test);
    await join(test, test.platform.rootTenantId, actor.userId, ['admin']);
    const admin = await entering(test, { actor, visitor }, test.platform.rootTenantId);
    expect(await answerOf(test.iam.tenants.blockTenant.execute(admin.actor, actor.tenantId))).toBe('forbidden');
  });
});
