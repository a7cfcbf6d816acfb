import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { OPERATOR, type UserActor } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import { aLoggedInUser, anIam, aProjectOf, at, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { anId } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

let test: TestIam;
let owner: UserActor;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
});
beforeEach(async () => {
  owner = await thePlatformOwner(test);
});

const first = { after: undefined, limit: 20 };
const quick: ProjectSettingsPatch = { signingAlgorithm: 'ES256' };

describe('who may look after projects', () => {
  const everything = (id: ProjectId): readonly (readonly [string, (actor: UserActor) => Promise<unknown>])[] => {
    const { projects } = test.iam;
    return [
      ['createProject', (actor) => projects.createProject.execute(actor, { name: 'Mine', settings: quick })],
      ['listProjects', (actor) => projects.listProjects.execute(actor, first)],
      ['readProject', (actor) => projects.readProject.execute(actor, id)],
      ['updateProject', (actor) => projects.updateProject.execute(actor, { id, name: 'Mine' })],
      [
        'createApiKey',
        (actor) => projects.createApiKey.execute(actor, { projectId: id, name: 'k', permissions: ['auth'] }),
      ],
      ['listApiKeys', (actor) => projects.listApiKeys.execute(actor, id, first)],
      ['revokeApiKey', (actor) => projects.revokeApiKey.execute(actor, { projectId: id, apiKeyId: anId() })],
      ['listSigningKeys', (actor) => projects.listSigningKeys.execute(actor, id)],
      ['rotateSigningKeys', (actor) => projects.rotateSigningKeys.execute(actor, id)],
      ['removeSigningKey', (actor) => projects.removeSigningKey.execute(actor, { projectId: id, kid: 'x' })],
    ];
  };
  const changes = [
    'createProject',
    'updateProject',
    'createApiKey',
    'revokeApiKey',
    'rotateSigningKeys',
    'removeSigningKey',
  ];

  it('is nobody but the platform owner, over every use case, and each refusal is recorded', async () => {
    const project = await aProjectOf(test);
    const before = test.store.projects.get(project.id);
    for (const actor of [
      (await aLoggedInUser(test, at(test.platform, 'v1'))).actor,
      (await aLoggedInUser(test, at(test.platform, 'gate'))).actor,
      (await aLoggedInUser(test, at(project, 'gate'))).actor,
    ]) {
      for (const [name, use] of everything(project.id)) {
        await expect(use(actor), name).rejects.toMatchObject({
          code: 'forbidden',
          details: { requiredPermission: 'platform.projects' },
        });
      }
      const refusals = test.audited('auth.forbidden', { userId: actor.userId });
      expect(refusals).toHaveLength(everything(project.id).length);
      expect(refusals[0]).toMatchObject({ projectId: actor.projectId, tenantId: actor.tenantId });
    }
    expect(test.store.projects.get(project.id)).toEqual(before);
  });

  it("is not the owner of another project's root tenant", async () => {
    const project = await aProjectOf(test, { v1Enabled: true });
    const user = await aLoggedInUser(test, at(project, 'v1'));
    const role = [...test.store.roles.entries()].find(
      ([, { tenantId, slug }]) => tenantId === project.rootTenantId && slug === 'owner',
    );
    const key = `${project.id} ${project.rootTenantId} ${user.actor.userId}`;
    const membership = test.store.memberships.get(key);
    if (role === undefined || membership === undefined) throw new Error('no owner role');
    test.store.memberships.put({ ...membership, roleIds: [role[1].id] }, test.store.nextVersion());
    await test.ports.sessionWatch.announce({ userId: user.actor.userId });
    const actor = await test.iam.authentication.authenticate.execute({
      token: user.tokens.accessToken,
      dialect: 'v1',
      origin: user.visitor.origin,
    });
    expect(actor.roles).toEqual(['owner']);
    expect(actor.permissions.allows('users.delete')).toBe(true);
    await expect(test.iam.projects.listProjects.execute(actor, first)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('shows a recent authentication for every change, and none for a look', async () => {
    const project = await aProjectOf(test);
    test.clock.advance(301);
    for (const [name, use] of everything(project.id)) {
      if (changes.includes(name)) {
        await expect(use(owner), name).rejects.toMatchObject({ code: 'reauthentication-required' });
      } else {
        await expect(use(owner), name).resolves.toBeDefined();
      }
    }
  });

  it('is not somebody whose session has ended', async () => {
    const project = await aProjectOf(test);
    await test.iam.authentication.endOwnSession.execute(owner, {});
    const update = test.iam.projects.updateProject.execute(owner, { id: project.id, name: 'Late' });
    await expect(update).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('finds nothing where there is nothing', async () => {
    const nowhere = anId<ProjectId>();
    for (const [name, use] of everything(nowhere)) {
      if (name === 'createProject' || name === 'listProjects') continue;
      await expect(use(owner), name).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});

describe('a project', () => {
  it('starts with a root tenant, its roles, two keys and one record of who made it', async () => {
    const project = await test.iam.projects.createProject.execute(owner, { name: 'Harbour', settings: quick });
    expect(project).toMatchObject({ name: 'Harbour', platform: false, settings: { emailVerificationRequired: true } });
    const slugs = [...test.store.roles.entries()]
      .filter(([, { tenantId }]) => tenantId === project.rootTenantId)
      .map(([, { slug }]) => slug);
    expect(slugs.sort()).toEqual(['admin', 'member', 'owner', 'user']);
    const keys = await test.iam.projects.listSigningKeys.execute(owner, project.id);
    expect(keys.map(({ stage }) => stage).sort()).toEqual(['current', 'next']);
    for (const action of ['project.created', 'tenant.created'] as const) {
      expect(test.audited(action, { projectId: project.id })).toMatchObject([
        { actorId: owner.userId, tenantId: project.rootTenantId },
      ]);
    }
  });

  it('is listed newest first, page by page', async () => {
    const made = [await aProjectOf(test), await aProjectOf(test), await aProjectOf(test)].map(({ id }) => id);
    const page = await test.iam.projects.listProjects.execute(owner, { after: undefined, limit: 2 });
    expect(page).toMatchObject({ items: [{ id: made[2] }, { id: made[1] }], hasMore: true });
    const next = await test.iam.projects.listProjects.execute(owner, { after: made[1], limit: 1 });
    expect(next.items).toMatchObject([{ id: made[0] }]);
  });

  it('changes by deep merging, seen at once here, with a record of before and after', async () => {
    const project = await aProjectOf(test);
    await test.iam.projects.findProject.execute(project.id);
    const changed = await test.iam.projects.updateProject.execute(owner, {
      id: project.id,
      settings: { passwordPolicy: { minLength: 14 }, rateLimits: { login: { limit: 3 } }, userLimit: 7 },
    });
    expect(changed).toMatchObject({
      name: project.name,
      settings: {
        passwordPolicy: { minLength: 14, blockCommon: true, breachCheck: 'off' },
        rateLimits: { login: { limit: 3, windowSeconds: 60 }, register: { limit: 5, windowSeconds: 60 } },
        userLimit: 7,
      },
    });
    expect(await test.iam.projects.findProject.execute(project.id)).toEqual(changed);
    expect(test.audited('project.updated', { projectId: project.id })).toMatchObject([
      {
        before: { settings: { userLimit: null } },
        after: { settings: { userLimit: 7 } },
        tenantId: project.rootTenantId,
      },
    ]);
  });

  it('is seen elsewhere within two seconds', async () => {
    const project = await aProjectOf(test);
    const replica = createIam(test.ports);
    await replica.projects.findProject.execute(project.id);
    await test.iam.projects.updateProject.execute(owner, { id: project.id, name: 'Renamed' });
    test.clock.advance(2);
    expect((await replica.projects.findProject.execute(project.id)).name).toBe('Renamed');
  });

  const outOfRange: readonly (readonly [string, ProjectSettingsPatch, string])[] = [
    ['accessTokenTtlSeconds', { accessTokenTtlSeconds: 29 }, 'TOO_SMALL'],
    ['accessTokenTtlSeconds', { accessTokenTtlSeconds: 86_401 }, 'TOO_BIG'],
    ['accessTokenTtlSeconds', { accessTokenTtlSeconds: 900.5 }, 'INVALID_TYPE'],
    ['refreshIdleTtlSeconds', { refreshIdleTtlSeconds: Number.NaN }, 'INVALID_TYPE'],
    ['refreshAbsoluteTtlSeconds', { refreshAbsoluteTtlSeconds: 0 }, 'TOO_SMALL'],
    ['refreshGraceSeconds', { refreshGraceSeconds: 61 }, 'TOO_BIG'],
    ['userLimit', { userLimit: -1 }, 'TOO_SMALL'],
    ['passwordPolicy.minLength', { passwordPolicy: { minLength: 7 } }, 'TOO_SMALL'],
    ['passwordPolicy.minLength', { passwordPolicy: { minLength: 129 } }, 'TOO_BIG'],
    ['defaultRole', { defaultRole: 'nobody-made-this' }, 'NOT_ALLOWED'],
    ['rateLimits.general.windowSeconds', { rateLimits: { general: { windowSeconds: 0 } } }, 'TOO_SMALL'],
  ];
  it.each(outOfRange)('refuses %s out of range: %o', async (field, settings, code) => {
    const project = await aProjectOf(test);
    const violation = { code: 'validation-error', details: { violations: [{ field: `settings.${field}`, code }] } };
    const update = test.iam.projects.updateProject.execute(owner, { id: project.id, settings });
    await expect(update).rejects.toMatchObject(violation);
    const create = test.iam.projects.createProject.execute(owner, { name: 'x', settings: { ...quick, ...settings } });
    await expect(create).rejects.toMatchObject(violation);
    expect(await test.iam.projects.readProject.execute(owner, project.id)).toEqual(project);
  });

  it('changes only when it stands as the caller saw it', async () => {
    const { id } = await aProjectOf(test);
    const update = (ifMatch: () => boolean) =>
      test.iam.projects.updateProject.execute(owner, { id, name: 'Seen', ifMatch });
    await expect(update(() => false)).rejects.toMatchObject({ code: 'precondition-failed' });
    await expect(update(() => true)).resolves.toMatchObject({ name: 'Seen' });
  });

  it('keeps both of two changes at once', async () => {
    const { id } = await aProjectOf(test);
    const update = (settings: ProjectSettingsPatch) => test.iam.projects.updateProject.execute(owner, { id, settings });
    await Promise.all([update({ userLimit: 3 }), update({ totpEnabled: false })]);
    expect((await test.iam.projects.readProject.execute(owner, id)).settings).toMatchObject({
      userLimit: 3,
      totpEnabled: false,
    });
  });

  it('is found by its id or not at all', async () => {
    expect(await test.iam.projects.findProject.execute(undefined)).toEqual(test.platform);
    for (const id of ['nonsense', anId<ProjectId>(), "' or 1=1"]) {
      await expect(test.iam.projects.findProject.execute(id)).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});

describe('installing the platform', () => {
  it('happens once of several first starts at once, and the others find it done', async () => {
    const fresh = anIamWithoutPlatform();
    const installing = (index: number) =>
      fresh.iam.projects.installPlatform.execute(OPERATOR, {
        email: `owner${index}@example.test`,
        password: 'orbit violin staple 42',
      });
    const outcomes = await Promise.all([0, 1, 2, 3].map(installing));
    expect(outcomes.filter(({ installed }) => installed)).toHaveLength(1);
    expect(new Set(outcomes.map(({ project }) => project.id)).size).toBe(1);
    expect([...fresh.store.users.entries()]).toHaveLength(1);
    expect([...fresh.store.projects.entries()]).toHaveLength(1);
    expect(await installing(5)).toMatchObject({ installed: false });
    expect(fresh.store.auditRecords().filter(({ action }) => action === 'platform.installed')).toHaveLength(1);
  });

  it('makes an owner with a proven address who owns the root tenant', async () => {
    expect(owner).toMatchObject({ tenantId: test.platform.rootTenantId, roles: ['owner'] });
    expect((await test.iam.account.readProfile.execute(owner)).user.emailVerified).toBe(true);
    expect(test.store.tenants.get(`${test.platform.id} ${test.platform.rootTenantId}`)?.ownerId).toBe(owner.userId);
  });

  it('refuses a password that the platform would refuse', async () => {
    const fresh = anIamWithoutPlatform();
    for (const password of ['elevenchars', 'password1234', 'owner@example.test']) {
      const install = fresh.iam.projects.installPlatform.execute(OPERATOR, { email: 'owner@example.test', password });
      await expect(install, password).rejects.toMatchObject({
        code: expect.stringMatching(/^(validation-error|weak-password)$/),
      });
    }
    expect([...fresh.store.projects.entries()]).toEqual([]);
  });
});

function anIamWithoutPlatform(): Pick<TestIam, 'iam' | 'store'> {
  const ports = memoryPorts();
  return { iam: createIam(ports), store: ports.store };
}
