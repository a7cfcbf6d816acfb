import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR, type UserActor } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { SigningKeyStage } from '../../src/domain/project/signing-key.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  at,
  signIn,
  type TestIam,
  thePlatformOwner,
} from '../support/an-iam.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const DAY = 24 * 60 * 60;

let test: TestIam;
let owner: UserActor;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam();
});
beforeEach(async () => {
  owner = await thePlatformOwner(test);
  project = await aProjectOf(test);
});

describe('an API key', () => {
  const create = (given: { expiresAt?: Date; permissions?: readonly ('auth' | 'manage')[] } = {}) =>
    test.iam.projects.createApiKey.execute(owner, {
      projectId: project.id,
      name: 'Server',
      permissions: ['auth'],
      ...given,
    });
  const open = (key: string | undefined, projectId: string = project.id, iam = test.iam) =>
    iam.projects.authenticateApiKey.execute({ projectId, key });
  const opensNothing = { code: 'invalid-api-key' };
  const first = { after: undefined, limit: 20 };

  it('opens its project, is shown once and stored as a digest', async () => {
    const { key, apiKey } = await create();
    expect(key).toMatch(/^ck_/);
    expect(apiKey).toMatchObject({ prefix: key.slice(0, 10), permissions: ['auth'], revokedAt: null });
    expect(JSON.stringify([...test.store.apiKeys.entries()])).not.toContain(key);
    expect(await open(key)).toMatchObject({ apiKey: { id: apiKey.id }, project: { id: project.id } });
    const records = test.audited('api-key.created', { entityId: apiKey.id });
    expect(records).toMatchObject([{ projectId: project.id, tenantId: project.rootTenantId, actorId: owner.userId }]);
    expect(JSON.stringify(records)).not.toContain(key);
  });

  it('opens no other project, and nothing else opens this one: one answer for all', async () => {
    const { key } = await create();
    const other = await aProjectOf(test);
    const wrong: readonly (readonly [string | undefined, string])[] = [
      [key, other.id],
      [key, test.platform.id],
      [key, '0190a3a0-0000-7000-8000-000000000000'],
      [key, 'nonsense'],
      [key, "' or 1=1 --"],
      [undefined, project.id],
      ['', project.id],
      [`${key}A`, project.id],
      [key.slice(0, -1), project.id],
      [key.toUpperCase(), project.id],
    ];
    for (const [shown, id] of wrong) await expect(open(shown, id)).rejects.toMatchObject(opensNothing);
  });

  it('expires at its time', async () => {
    const { key } = await create({ expiresAt: new Date(test.clock.now().getTime() + 60_000) });
    test.clock.advance(59);
    await expect(open(key)).resolves.toBeDefined();
    test.clock.advance(1);
    await expect(open(key)).rejects.toMatchObject(opensNothing);
  });

  it('opens nothing once it is revoked: here at once, elsewhere within two seconds', async () => {
    const { key, apiKey } = await create();
    const replica = createIam(test.ports);
    await Promise.all([open(key), open(key, project.id, replica)]);
    const revoked = { projectId: project.id, apiKeyId: apiKey.id };
    const { succeeded } = await sixteenAtOnce(() => test.iam.projects.revokeApiKey.execute(owner, revoked));
    expect(succeeded).toHaveLength(16);
    await expect(open(key)).rejects.toMatchObject(opensNothing);
    test.clock.advance(2);
    await expect(open(key, project.id, replica)).rejects.toMatchObject(opensNothing);
    expect(test.audited('api-key.revoked', { entityId: apiKey.id })).toMatchObject([
      { projectId: project.id, tenantId: project.rootTenantId },
    ]);
    expect((await test.iam.projects.listApiKeys.execute(owner, project.id, first)).items).toMatchObject([
      { id: apiKey.id, revokedAt: expect.any(Date) },
    ]);
  });

  it('is revoked through its own project alone', async () => {
    const { key, apiKey } = await create();
    const other = await aProjectOf(test);
    const revoke = test.iam.projects.revokeApiKey.execute(owner, { projectId: other.id, apiKeyId: apiKey.id });
    await expect(revoke).rejects.toMatchObject({ code: 'not-found' });
    await expect(open(key)).resolves.toBeDefined();
  });

  it('has a permission, and a future', async () => {
    await expect(create({ permissions: [] })).rejects.toMatchObject({ code: 'validation-error' });
    await expect(create({ expiresAt: test.clock.now() })).rejects.toMatchObject({ code: 'validation-error' });
  });
});

describe('signing keys', () => {
  const rotate = (id = project.id) => test.iam.projects.rotateSigningKeys.execute(owner, id);
  const stages = async () => {
    const keys = await test.iam.projects.listSigningKeys.execute(owner, project.id);
    return new Map<SigningKeyStage, string>(keys.map(({ stage, kid }) => [stage, kid]));
  };
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  const remove = (kid: string | undefined, id = project.id) =>
    test.iam.projects.removeSigningKey.execute(owner, { projectId: id, kid: kid ?? '' });
  const verifiesElsewhere = async (token: string) => {
    const jwks = await test.iam.projects.readJwks.execute(project.id);
    const keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet);
    return jwtVerify(token, keys, { currentDate: test.clock.now(), audience: project.id, typ: 'at+jwt' });
  };
  const aUser = () => aLoggedInUser(test, at(project, 'gate'));
  /** Signed in again, since a step-up is old by then. */
  const later = async (seconds: number) => {
    test.clock.advance(seconds);
    owner = await thePlatformOwner(test);
  };

  it('are listed and published without the private half', async () => {
    for (const key of await test.iam.projects.listSigningKeys.execute(owner, project.id)) {
      expect(key).not.toHaveProperty('sealedPrivateJwk');
      expect(key.publicJwk).not.toHaveProperty('d');
    }
    const { keys } = await test.iam.projects.readJwks.execute(project.id);
    expect(keys).toHaveLength(2);
    for (const jwk of keys) expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('are not rotated before the next one has been published for as long as a JWKS may be kept', async () => {
    await later(299);
    await expect(rotate()).rejects.toMatchObject({ code: 'rotation-too-soon', details: { retryAfterSeconds: 1 } });
    await later(1);
    await expect(rotate()).resolves.toHaveLength(3);
    await expect(rotate()).rejects.toMatchObject({ code: 'rotation-too-soon', details: { retryAfterSeconds: 300 } });
  });

  it('move next → current → previous, and what was signed before goes on verifying', async () => {
    await later(300);
    const before = await stages();
    const user = await aUser();
    await verifiesElsewhere(user.tokens.accessToken);
    await rotate();
    const after = await stages();
    expect(after.get('current')).toBe(before.get('next'));
    expect(after.get('previous')).toBe(before.get('current'));
    expect(kidOf(user.tokens.accessToken)).toBe(before.get('current'));
    await expect(actorOf(test, user.visitor, user.tokens.accessToken)).resolves.toBeDefined();
    await expect(verifiesElsewhere(user.tokens.accessToken)).resolves.toBeDefined();
    const next = await signIn(test, user.visitor, user);
    expect(kidOf(next.tokens.accessToken)).toBe(before.get('next'));
    await expect(verifiesElsewhere(next.tokens.accessToken)).resolves.toBeDefined();
    expect(test.audited('signing-key.rotated', { projectId: project.id })).toMatchObject([
      { entityId: before.get('next'), tenantId: project.rootTenantId, actorId: owner.userId },
    ]);
  });

  it('are published no longer than a token that they signed may live', async () => {
    await later(300);
    const { tokens } = await aUser();
    await rotate();
    const published = async () =>
      (await test.iam.projects.readJwks.execute(project.id)).keys
        .map(({ kid }) => kid)
        .includes(kidOf(tokens.accessToken) ?? '');
    test.clock.advance(DAY - 1);
    expect(await published()).toBe(true);
    test.clock.advance(1);
    expect(await published()).toBe(false);
  });

  it('are rotated once of four at once', async () => {
    await later(300);
    const rotations = await Promise.allSettled([rotate(), rotate(), rotate(), rotate()]);
    expect(rotations.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const keys = await test.iam.projects.listSigningKeys.execute(owner, project.id);
    expect(keys.map(({ stage }) => stage).sort()).toEqual(['current', 'next', 'previous']);
  });

  it('when compromised are removed at once: what the current one signed is void, and next follows', async () => {
    const before = await stages();
    const user = await aUser();
    await remove(before.get('current'));
    await expect(actorOf(test, user.visitor, user.tokens.accessToken)).rejects.toMatchObject({ code: 'token-invalid' });
    await expect(verifiesElsewhere(user.tokens.accessToken)).rejects.toBeDefined();
    const after = await stages();
    expect(after.get('current')).toBe(before.get('next'));
    expect(after.get('next')).toBeDefined();
    const again = await test.iam.authentication.refreshSession.execute(user.visitor, user.tokens);
    await expect(actorOf(test, user.visitor, again.accessToken)).resolves.toBeDefined();
    expect(test.audited('signing-key.removed', { entityId: before.get('current') ?? '' })).toMatchObject([
      { before: { stage: 'current' }, projectId: project.id, tenantId: project.rootTenantId },
    ]);
    await expect(remove(before.get('current'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('when removed as next are replaced, and as previous are not', async () => {
    const first = await stages();
    await remove(first.get('next'));
    const second = await stages();
    expect(second.get('current')).toBe(first.get('current'));
    expect(second.get('next')).not.toBe(first.get('next'));
    await later(300);
    await rotate();
    await remove(first.get('current'));
    expect([...(await stages()).keys()].sort()).toEqual(['current', 'next']);
  });

  it('are removed through their own project alone', async () => {
    const { id } = await aProjectOf(test);
    await expect(remove((await stages()).get('current'), id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('take a new algorithm at once into next, and sign with it from the next rotation on', async () => {
    const user = await aUser();
    const settings = { signingAlgorithm: 'Ed25519' } as const;
    await test.iam.projects.updateProject.execute(owner, { id: project.id, settings });
    await later(1);
    const soon = await signIn(test, user.visitor, user);
    expect(decodeProtectedHeader(soon.tokens.accessToken).alg).toBe('ES256');
    await later(299);
    await rotate();
    const then = await signIn(test, user.visitor, user);
    expect(decodeProtectedHeader(then.tokens.accessToken)).toMatchObject({ typ: 'at+jwt' });
    expect(decodeProtectedHeader(then.tokens.accessToken).alg).not.toBe('ES256');
    await expect(actorOf(test, user.visitor, soon.tokens.accessToken)).resolves.toBeDefined();
    await expect(verifiesElsewhere(then.tokens.accessToken)).resolves.toBeDefined();
    await expect(verifiesElsewhere(soon.tokens.accessToken)).resolves.toBeDefined();
  });

  it('stay as they are when the algorithm is said again', async () => {
    const before = await stages();
    const settings = { signingAlgorithm: 'ES256' } as const;
    await test.iam.projects.updateProject.execute(owner, { id: project.id, settings });
    expect(await stages()).toEqual(before);
  });

  it('are published as the same object while they are the same, and not where sign-in is closed', async () => {
    const read = () => test.iam.projects.readJwks.execute(project.id);
    const jwks = await read();
    test.clock.advance(10);
    expect(await read()).toBe(jwks);
    await test.iam.projects.updateProject.execute(OPERATOR, { id: project.id, settings: { signInEnabled: false } });
    await expect(read()).rejects.toMatchObject({ code: 'not-found' });
  });
});
