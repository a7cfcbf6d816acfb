import { decodeJwt } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemorySessionWatch } from '../../src/adapters/memory/index.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { defaultPolicy } from '../../src/application/policy.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { AccessTokenClaims } from '../../src/ports/token-signer.ts';
import {
  actorOf,
  aLoggedInUser,
  anIam,
  aProjectOf,
  at,
  from,
  type LoggedInUser,
  OWNER_EMAIL,
  PASSWORD,
  type TestIam,
} from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

let test: TestIam;
let project: ProjectState;
let reads = 0;
beforeAll(async () => {
  test = await anIam((ports) => ({
    passwordHasher: aQuickHasher(),
    sessionDirectory: counting(ports.sessionDirectory),
    projectDirectory: counting(ports.projectDirectory),
    userDirectory: counting(ports.userDirectory),
    tenantDirectory: counting(ports.tenantDirectory),
  }));
  project = await aProjectOf(test);
});
beforeEach(() => {
  reads = 0;
});

/** The same directory, and every question that it is asked is counted. */
function counting<Directory extends object>(directory: Directory): Directory {
  const asked = Object.entries(directory).map(([name, ask]) => [
    name,
    (...args: unknown[]) => {
      reads += 1;
      return ask(...args);
    },
  ]);
  return Object.fromEntries(asked);
}

const authenticate = (token: string | undefined, { visitor }: Pick<LoggedInUser, 'visitor'>, iam: Iam = test.iam) =>
  iam.authentication.authenticate.execute({ token, dialect: visitor.dialect, origin: visitor.origin });
const isInvalid = { code: 'token-invalid' };
const aGateUser = () => aLoggedInUser(test, at(project, 'gate'));
const aV1User = () => aLoggedInUser(test, at(test.platform, 'v1'));

/** Another process over the same store, that announcements do not reach. */
const cutOff = (ports: Partial<Ports> = {}) =>
  createIam({ ...test.ports, ...ports, sessionWatch: new MemorySessionWatch() });

describe('a token check', () => {
  it('says who acts, where, and with what roles and permissions', async () => {
    const user = await aV1User();
    expect(user.actor).toMatchObject({
      projectId: test.platform.id,
      tenantId: user.registered.tenant.id,
      userId: user.registered.user.id,
      dialect: 'v1',
      roles: ['owner'],
    });
  });

  it('costs no I/O when warm', async () => {
    for (const user of [await aGateUser(), await aV1User()]) {
      await authenticate(user.tokens.accessToken, user);
      reads = 0;
      for (let check = 0; check < 50; check += 1) await authenticate(user.tokens.accessToken, user);
      expect(reads).toBe(0);
    }
  });

  it('costs one look for many who ask at once', async () => {
    const user = await aGateUser();
    const cold = cutOff();
    reads = 0;
    await Promise.all(Array.from({ length: 16 }, () => authenticate(user.tokens.accessToken, user, cold)));
    expect(reads).toBe(2);
  });

  it.each([undefined, '', 'a.b.c', 'rt_token', 'x'.repeat(20_000)])('refuses %.8s', async (token) => {
    await expect(authenticate(token, { visitor: at(project, 'gate') })).rejects.toMatchObject(isInvalid);
  });

  it('refuses an expired token as expired', async () => {
    const user = await aGateUser();
    test.clock.advance(899);
    await expect(authenticate(user.tokens.accessToken, user)).resolves.toBeDefined();
    test.clock.advance(1);
    await expect(authenticate(user.tokens.accessToken, user)).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('refuses a refresh token in the place of an access token', async () => {
    const user = await aGateUser();
    await expect(authenticate(user.tokens.refreshToken, user)).rejects.toMatchObject(isInvalid);
  });
});

describe('tokens of one kind', () => {
  it('are worth nothing over the other dialect', async () => {
    const [gate, v1] = [await aLoggedInUser(test, at(test.platform, 'gate')), await aV1User()];
    await expect(authenticate(gate.tokens.accessToken, v1)).rejects.toMatchObject(isInvalid);
    await expect(authenticate(v1.tokens.accessToken, gate)).rejects.toMatchObject(isInvalid);
  });

  it('are worth nothing in another project', async () => {
    const user = await aGateUser();
    const { id: projectId } = await aProjectOf(test);
    const elsewhere = {
      token: user.tokens.accessToken,
      dialect: 'gate',
      origin: from('192.0.2.1'),
      projectId,
    } as const;
    await expect(test.iam.authentication.authenticate.execute(elsewhere)).rejects.toMatchObject(isInvalid);
    const here = { ...elsewhere, projectId: project.id };
    await expect(test.iam.authentication.authenticate.execute(here)).resolves.toBeDefined();
  });

  it('of the Gate count in the root tenant alone', async () => {
    const v1User = await aLoggedInUser(test, at(test.platform, 'v1'));
    const foreign = test.store.sessions.get(`${test.platform.id} ${v1User.actor.sessionId}`);
    if (foreign === undefined) throw new Error('no session');
    test.store.sessions.put({ ...foreign, clientId: 'gate' }, test.store.nextVersion());
    await test.ports.sessionWatch.announce({ userId: v1User.actor.userId });
    const claims = decodeJwt<AccessTokenClaims>(v1User.tokens.accessToken);
    const { iss: _, aud: __, tenantId: ___, email: ____, ...own } = claims;
    const token = await test.ports.tokenSigner.sign({ ...own, client_id: 'gate' });
    await expect(actorOf(test, at(test.platform, 'gate'), token)).rejects.toMatchObject(isInvalid);
  });
});

describe('the claims', () => {
  it('of a Gate token name permissions and never an address', async () => {
    const { tokens, actor } = await aGateUser();
    const claims = decodeJwt(tokens.accessToken);
    expect(claims).toMatchObject({
      aud: project.id,
      pid: project.id,
      tid: project.rootTenantId,
      sid: actor.sessionId,
      sub: actor.userId,
      client_id: 'gate',
      roles: ['user'],
      permissions: [],
      email_verified: false,
      amr: ['pwd'],
    });
    expect(claims).not.toHaveProperty('email');
    expect(claims).not.toHaveProperty('tenantId');
  });

  it('of a v1 token name tenant and address and never permissions', async () => {
    const { tokens, actor, email } = await aV1User();
    const claims = decodeJwt(tokens.accessToken);
    expect(claims).toMatchObject({ client_id: 'v1', tid: actor.tenantId, tenantId: actor.tenantId, email });
    expect(claims).not.toHaveProperty('permissions');
  });

  it('spell out what a root tenant owner may do, without * and what is the platform', async () => {
    const { tokens } = await test.iam.authentication.login
      .execute(at(test.platform, 'gate', from('198.51.100.7')), {
        email: OWNER_EMAIL,
        password: PASSWORD,
      })
      .then((outcome) => (outcome.kind === 'signed-in' ? outcome : Promise.reject(new Error('several'))));
    const { permissions } = decodeJwt(tokens.accessToken) as { permissions: string[] };
    expect(permissions).toContain('users.delete');
    expect(permissions).not.toContain('*');
    expect(permissions.filter((name) => /^(platform|system|tenants|modules)\.|impersonate/.test(name))).toEqual([]);
  });

  it('leave permissions out when they would take more than the policy allows', async () => {
    const small = createIam(test.ports, { ...defaultPolicy, permissionsClaimMaxBytes: 0 });
    const user = await aGateUser();
    const outcome = await small.authentication.login.execute(user.visitor, user);
    const claims = decodeJwt(outcome.kind === 'signed-in' ? outcome.tokens.accessToken : '');
    expect(claims).toMatchObject({ permissions_omitted: true });
    expect(claims).not.toHaveProperty('permissions');
  });
});

describe('an end of the session', () => {
  it('acts at once where it is announced', async () => {
    const user = await aGateUser();
    await test.iam.authentication.logout.execute(user.visitor, user.tokens);
    await expect(authenticate(user.tokens.accessToken, user)).rejects.toMatchObject(isInvalid);
  });

  it('acts after thirty seconds where no announcement comes through', async () => {
    const user = await aGateUser();
    const replica = cutOff();
    await authenticate(user.tokens.accessToken, user, replica);
    await test.iam.authentication.logout.execute(user.visitor, user.tokens);
    test.clock.advance(29);
    await expect(authenticate(user.tokens.accessToken, user, replica)).resolves.toBeDefined();
    test.clock.advance(1);
    await expect(authenticate(user.tokens.accessToken, user, replica)).rejects.toMatchObject(isInvalid);
  });

  it('is seen at once by whoever reads the profile, announced or not', async () => {
    const user = await aGateUser();
    const replica = cutOff();
    const actor = await authenticate(user.tokens.accessToken, user, replica);
    await test.iam.authentication.logout.execute(user.visitor, user.tokens);
    await expect(replica.account.readProfile.execute(actor)).rejects.toMatchObject(isInvalid);
  });

  it('that is announced while somebody looks is not overlooked', async () => {
    const user = await aGateUser();
    let meanwhile = async () => {};
    const watch = new MemorySessionWatch();
    const sessionDirectory: Ports['sessionDirectory'] = {
      ...test.ports.sessionDirectory,
      standing: async (projectId, id) => {
        const standing = await test.ports.sessionDirectory.standing(projectId, id);
        await meanwhile();
        return standing;
      },
    };
    const slow = createIam({ ...test.ports, sessionDirectory, sessionWatch: watch });
    meanwhile = async () => {
      meanwhile = async () => {};
      await test.iam.authentication.logout.execute(user.visitor, user.tokens);
      await watch.announce({ userId: user.actor.userId });
    };
    await authenticate(user.tokens.accessToken, user, slow);
    await expect(authenticate(user.tokens.accessToken, user, slow)).rejects.toMatchObject(isInvalid);
  });

  it.each(['disabled', 'invited'] as const)('follows when the person is %s', async (status) => {
    const user = await aGateUser();
    const state = test.store.users.get(`${project.id} ${user.actor.userId}`);
    if (state) test.store.users.put({ ...state, status }, test.store.nextVersion());
    await test.ports.sessionWatch.announce({ userId: user.actor.userId });
    await expect(authenticate(user.tokens.accessToken, user)).rejects.toMatchObject(isInvalid);
    await expect(test.iam.account.readProfile.execute(user.actor)).rejects.toMatchObject(isInvalid);
  });

  it('follows when the membership is gone, and a change of roles is seen', async () => {
    const user = await aV1User();
    const key = `${test.platform.id} ${user.actor.tenantId} ${user.actor.userId}`;
    const membership = test.store.memberships.get(key);
    if (membership) test.store.memberships.put({ ...membership, roleIds: [] }, test.store.nextVersion());
    await test.ports.sessionWatch.announce({ userId: user.actor.userId });
    expect(await authenticate(user.tokens.accessToken, user)).toMatchObject({ roles: [] });
    expect((await test.iam.account.readProfile.execute(user.actor)).roles).toEqual([]);
    test.store.memberships.delete(key);
    await test.ports.sessionWatch.announce({ userId: user.actor.userId });
    await expect(authenticate(user.tokens.accessToken, user)).rejects.toMatchObject(isInvalid);
  });
});

describe('reading the profile', () => {
  it('is one read once the project is known', async () => {
    const user = await aV1User();
    await test.iam.account.readProfile.execute(user.actor);
    reads = 0;
    const profile = await test.iam.account.readProfile.execute(user.actor);
    expect(reads).toBe(1);
    expect(profile).toMatchObject({
      user: { email: user.email, emailVerified: false, mfaEnabled: false },
      tenant: { id: user.actor.tenantId },
      roles: ['owner'],
    });
  });

  it('is refused on the Gate to an unproven address where proof came to be required', async () => {
    const own = await aProjectOf(test);
    const user = await aLoggedInUser(test, at(own, 'gate'));
    const strict = { id: own.id, settings: { emailVerificationRequired: true } };
    await test.iam.projects.updateProject.execute({ operator: true, origin: from('192.0.2.1') }, strict);
    await expect(test.iam.account.readProfile.execute(user.actor)).rejects.toMatchObject({
      code: 'email-not-verified',
    });
  });
});
