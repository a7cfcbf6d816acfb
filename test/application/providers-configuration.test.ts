import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ChangeProviderInput } from '../../src/application/providers/change-provider.ts';
import { providerBinding } from '../../src/application/providers/provider-configuration.ts';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProjectId, ProjectState } from '../../src/domain/project/project.ts';
import { InMemoryProvider } from '../support/a-provider.ts';
import { actorOf, at, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { anId } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import {
  ACME,
  aNewcomer,
  anIamWithProviders,
  anotherProcess,
  aProjectWithProviders,
  comeBy,
  configure,
  GLOBEX,
  link,
  linksOf,
  signedInBy,
  switchTo,
  WALLET,
} from './provider-people.ts';
import { answerOf } from './recovery-person.ts';
import { anOwner } from './tenant-people.ts';

const SECRET = 'client-secret-of-acme';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
});
const v1 = () => at(project, 'v1');
const stored = (id: string) => {
  const provider = test.store.authProviders.get(`${project.id} ${id}`);
  if (provider === undefined) throw new Error(`no ${id}`);
  return provider;
};
const change = (given: Omit<ChangeProviderInput, 'projectId'>) =>
  test.iam.providers.changeProvider.execute(OPERATOR, { projectId: project.id, ...given });
const violationsOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    ({ details }) => details.violations.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`),
  );

describe('a provider', () => {
  it('is on offer once it is configured, and its secret is never shown again', async () => {
    const given = { id: 'initech', name: 'Initech', clientId: 'initech', clientSecret: SECRET };
    const shown = await configure(test, project, { ...given, issuer: 'https://id.example.test' });
    expect(shown).toMatchObject({ id: 'initech', name: 'Initech', type: 'oidc', clientId: 'initech', enabled: true });
    expect(await test.iam.providers.listSignInProviders.execute(v1())).toContainEqual({
      id: 'initech',
      name: 'Initech',
      type: 'oidc',
    });
    const listed = await test.iam.providers.listProviders.execute(OPERATOR, project.id);
    expect(listed).toContainEqual(shown);
    const trail = test.audited('provider.configured', { entityId: 'initech' });
    expect(trail).toMatchObject([{ projectId: project.id, tenantId: project.rootTenantId }]);
    expect(JSON.stringify([shown, listed, trail, stored('initech')])).not.toContain(SECRET);
    expect(JSON.stringify([shown, listed, trail])).not.toContain('clientSecret');
  });

  it('has a secret that is sealed for it alone', async () => {
    await configure(test, project, { id: 'sealed', clientId: 'sealed', clientSecret: SECRET });
    const { clientSecret } = stored('sealed');
    if (clientSecret === null) throw new Error('no secret');
    const { secretBox } = test.ports;
    const id = 'sealed' as ProviderId;
    expect(secretBox.open(clientSecret, providerBinding({ projectId: project.id, id }))).toBe(SECRET);
    expect(() => secretBox.open(clientSecret, providerBinding({ projectId: project.id, id: ACME }))).toThrow();
    expect(() => secretBox.open(clientSecret, providerBinding({ projectId: anId(), id }))).toThrow();
  });

  it.each(['', 'email', 'recovery', 'email_totp', 'Acme', 'a b', '-a', 'a-', 'a/b', '../x', 'é', 'a'.repeat(64)])(
    'has a slug that tells it from every other way in, and not %j',
    async (id) => {
      expect(await violationsOf(configure(test, project, { id, clientId: 'x' }))).toEqual(['id INVALID_FORMAT']);
    },
  );

  it('has a slug of its own in the project, of sixteen that come at once', async () => {
    expect(await answerOf(configure(test, project, { id: ACME, clientId: 'x' }))).toBe('conflict');
    const { succeeded, refused } = await sixteenAtOnce(() => configure(test, project, { id: 'once', clientId: 'x' }));
    expect(succeeded).toHaveLength(1);
    expect(refused).toEqual(Array.from({ length: 15 }, () => expect.objectContaining({ code: 'conflict' })));
  });

  it('is of the type of its preset, or of one that is served', async () => {
    const { type: _, ...google } = await configure(test, project, {
      id: 'google',
      preset: 'google',
      type: undefined,
      clientId: 'x',
    });
    expect([_, google.preset, google.issuer]).toEqual(['oidc', 'google', null]);
    const refusals = [
      [{ preset: 'google', type: 'oauth2' }, ['type NOT_ALLOWED']],
      [{ type: undefined }, ['type REQUIRED']],
      [{ type: 'saml' }, ['type NOT_ALLOWED']],
      [{ type: 'constructor' }, ['type NOT_ALLOWED']],
      [{ clientId: undefined }, ['clientId INVALID_FORMAT']],
    ] as const;
    for (const [given, refusal] of refusals) {
      expect(await violationsOf(configure(test, project, { id: 'refused', clientId: 'x', ...given }))).toEqual(refusal);
    }
    expect(() => stored('refused')).toThrow();
  });

  it('is administered by the owner of the platform, of late, and by nobody else', async () => {
    const { configureProvider, changeProvider, removeProvider, listProviders } = test.iam.providers;
    const tenantOwner = (await anOwner(test)).actor;
    const { actor: person } = await aNewcomer(test, project);
    const scope = { projectId: project.id, id: ACME };
    for (const actor of [tenantOwner, person]) {
      const given = { ...scope, id: 'mine', name: 'Mine', type: 'oidc', clientId: 'x' };
      expect(await answerOf(configureProvider.execute(actor, given))).toBe('forbidden');
      expect(await answerOf(changeProvider.execute(actor, { ...scope, enabled: false }))).toBe('forbidden');
      expect(await answerOf(removeProvider.execute(actor, scope))).toBe('forbidden');
      expect(await answerOf(listProviders.execute(actor, project.id))).toBe('forbidden');
    }
    const owner = await thePlatformOwner(test);
    const id = 'owners' as ProviderId;
    const given = { projectId: project.id, name: 'Owner’s', type: 'oidc', clientId: 'x' };
    expect(await answerOf(configureProvider.execute(owner, { ...given, id }))).toBe('done');
    test.clock.advance(301);
    const stale = 'reauthentication-required';
    expect(await answerOf(configureProvider.execute(owner, { ...given, id: 'later' }))).toBe(stale);
    expect(await answerOf(changeProvider.execute(owner, { ...scope, id, enabled: false }))).toBe(stale);
    expect(await answerOf(removeProvider.execute(owner, { ...scope, id }))).toBe(stale);
    expect(stored(id).enabled).toBe(true);
  });

  it('is one of a project that there is', async () => {
    const nowhere = anId<ProjectId>();
    expect(await answerOf(configure(test, { id: nowhere }, { id: 'x', clientId: 'x' }))).toBe('not-found');
    expect(await answerOf(test.iam.providers.listProviders.execute(OPERATOR, nowhere))).toBe('not-found');
    expect(await answerOf(switchTo(test, { id: nowhere }, ACME, false))).toBe('not-found');
    expect(await answerOf(switchTo(test, project, 'nobody' as ProviderId, false))).toBe('not-found');
    const gone = { projectId: project.id, id: 'nobody' as ProviderId };
    expect(await answerOf(test.iam.providers.removeProvider.execute(OPERATOR, gone))).toBe('not-found');
  });
});

describe('a provider that is changed', () => {
  it('tells the trail what changed, and of a new secret only that there is one', async () => {
    await configure(test, project, { id: 'changing', clientId: 'one', clientSecret: SECRET });
    const before = stored('changing').clientSecret;
    const id = 'changing' as ProviderId;
    const shown = await change({ id, name: 'Changed', clientSecret: `new-${SECRET}` });
    expect(shown).toMatchObject({ name: 'Changed', clientId: 'one' });
    expect(stored('changing').clientSecret).not.toBe(before);
    const [record] = test.audited('provider.updated', { entityId: id });
    expect(record).toMatchObject({
      before: { name: 'Acme' },
      after: { name: 'Changed' },
      metadata: { changed: ['clientSecret'] },
    });
    expect(JSON.stringify([record, shown])).not.toContain(SECRET);
  });

  it('keeps its secret where none is given', async () => {
    await configure(test, project, { id: 'keeping', clientId: 'one', clientSecret: SECRET });
    const { clientSecret } = stored('keeping');
    await change({ id: 'keeping' as ProviderId, clientId: 'two' });
    expect(stored('keeping')).toMatchObject({ clientId: 'two', clientSecret });
  });

  it('never says another’s word: type, preset and issuer are what they were, whoever asks', async () => {
    await configure(test, project, { id: 'firm', clientId: 'x', issuer: 'https://id.example.test' });
    const before = stored('firm');
    const others = { issuer: 'https://evil.example', type: 'wallet', preset: 'google', createdAt: new Date(0) };
    await change({ id: 'firm' as ProviderId, name: 'Firm', ...others });
    const { type, preset, issuer, createdAt } = before;
    expect(stored('firm')).toMatchObject({ name: 'Firm', type, preset, issuer, createdAt });
  });

  it('names people by what it did: where they are asked for, and what of it, stay where links rest on them', async () => {
    const endpoints = { userinfoUrl: 'https://id.example.test/me', mapping: { subject: 'id', name: 'name' } };
    const hub = { ...stored(GLOBEX), id: 'hub' as ProviderId, type: 'oauth2', enabled: false, ...endpoints };
    test.store.authProviders.put(hub, test.store.nextVersion());
    const { id } = hub;
    expect(await violationsOf(change({ id, mapping: { subject: 'login' } }))).toEqual(['mapping.subject NOT_ALLOWED']);
    expect(await violationsOf(change({ id, mapping: null }))).toEqual(['mapping.subject NOT_ALLOWED']);
    const userinfoUrl = 'https://evil.example/me';
    expect(await violationsOf(change({ id, userinfoUrl }))).toEqual(['userinfoUrl NOT_ALLOWED']);
    expect(stored('hub')).toMatchObject(endpoints);
    await change({ id, mapping: { subject: 'id', name: 'login' } });
    expect(stored('hub').mapping).toEqual({ subject: 'id', name: 'login' });
  });

  it('is refused what its adapter could not work with', async () => {
    const given = { id: GLOBEX, clientId: null };
    expect(await violationsOf(change(given))).toEqual(['clientId INVALID_FORMAT']);
    expect(stored(GLOBEX).clientId).toBe(GLOBEX);
  });

  it('can be switched off whatever is wrong with it by now, and on only when nothing is', async () => {
    await configure(test, project, { id: 'broken', clientId: 'x' });
    const id = 'broken' as ProviderId;
    test.store.authProviders.put({ ...stored(id), clientId: null }, test.store.nextVersion());
    expect(await answerOf(switchTo(test, project, id, false))).toBe('done');
    expect(await answerOf(switchTo(test, project, id, true))).toBe('validation-error');
    const unserved = anotherProcess(test, { providerAdapters: { wallet: new InMemoryProvider() } });
    const off = { projectId: project.id, id: ACME, enabled: false };
    expect(await answerOf(unserved.providers.changeProvider.execute(OPERATOR, off))).toBe('done');
    await switchTo(test, project, ACME, true);
  });
});

describe('a provider that is removed', () => {
  it('takes its links along, so that another of its name finds nobody', async () => {
    const own = await aProjectWithProviders(test);
    const { actor, identity } = await aNewcomer(test, own);
    await link(test, actor, identity, GLOBEX);
    await test.iam.providers.removeProvider.execute(OPERATOR, { projectId: own.id, id: GLOBEX });
    expect(linksOf(test, actor.userId).map(({ providerId }) => providerId)).toEqual([ACME]);
    expect(test.audited('provider.removed', { entityId: GLOBEX, projectId: own.id })).toMatchObject([
      { tenantId: own.rootTenantId, before: { name: 'GLOBEX' } },
    ]);
    await configure(test, own, { id: GLOBEX, clientId: GLOBEX });
    const visitor = at(own, 'v1');
    const stranger = { ...identity, email: null };
    const { tokens } = signedInBy(await comeBy(test, visitor, stranger, { providerId: GLOBEX }));
    expect((await actorOf(test, visitor, tokens.accessToken)).userId).not.toBe(actor.userId);
  });

  it('leaves other projects theirs', async () => {
    const [own, other] = [await aProjectWithProviders(test), await aProjectWithProviders(test)];
    await test.iam.providers.removeProvider.execute(OPERATOR, { projectId: own.id, id: WALLET });
    const offered = await test.iam.providers.listSignInProviders.execute(at(other, 'v1'));
    expect(offered.map(({ id }) => id)).toEqual([ACME, GLOBEX, WALLET]);
  });
});
