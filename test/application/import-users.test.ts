import { hash as bcrypt } from '@node-rs/bcrypt';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { ImportEntry } from '../../src/application/users/import-outcome.ts';
import type { UserRecord } from '../../src/application/users/user-record.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId, UserState } from '../../src/domain/user/user.ts';
import { anIdentity } from '../support/a-provider.ts';
import { aProjectOf, at, OTHER_PASSWORD, PASSWORD, signIn, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { anEmail, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { collected, importing, linesOf } from '../support/import-lines.ts';
import { seedTenant } from '../support/seeds.ts';
import { rowsOf } from '../support/store-dump.ts';
import { ACME, anIamWithProviders, comeBy, GLOBEX, offerProviders } from './provider-people.ts';

const DAY = 24 * 60 * 60;
const TOTP_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

let test: TestIam;
let project: ProjectState;
let passwordHash: string;
beforeAll(async () => {
  test = await anIamWithProviders();
  passwordHash = await bcrypt(PASSWORD, 4);
});
beforeEach(async () => {
  project = await aProject();
});

async function aProject(settings: ProjectSettingsPatch = {}): Promise<ProjectState> {
  const made = await aProjectOf(test, { v1Enabled: true, ...settings });
  await offerProviders(test, made);
  return made;
}

const aRecord = (given: UserRecord = {}): UserRecord => ({ email: anEmail(), emailVerified: true, ...given });
const many = (count: number, given: UserRecord = {}) => Array.from({ length: count }, () => aRecord(given));
const run = (records: readonly UserRecord[], { dryRun = false, into = project, iam = test.iam } = {}) =>
  importing(iam, OPERATOR, { projectId: into.id, dryRun }, records);
const kindsOf = (outcomes: Awaited<ReturnType<typeof run>>) => outcomes.map(({ kind }) => kind);
const refusalsOf = (outcomes: Awaited<ReturnType<typeof run>>) =>
  outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind));

async function imported(record: UserRecord, into = project): Promise<UserId> {
  const [outcome] = await run([record], { into });
  if (outcome?.kind !== 'imported') throw new Error(JSON.stringify(outcome));
  return outcome.userId;
}
const stateOf = async (id: UserId, { id: projectId } = project): Promise<UserState> => {
  const user = await test.ports.userDirectory.byId(projectId, id);
  if (user === undefined) throw new Error('nobody');
  return user;
};
const seatsTaken = ({ id } = project) => test.ports.unitOfWork.run(({ seats }) => seats.taken(id));
const rolesOf = async (id: UserId, tenantId: TenantId = project.rootTenantId) =>
  (await test.ports.memberDirectory.byId(project.id, tenantId, id))?.roles;

describe('who may import', () => {
  it('is whoever runs the process, and nobody over a network: not even the owner of the platform', async () => {
    const owner = await thePlatformOwner(test);
    const attempt = importing(test.iam, owner, { projectId: project.id }, many(1));
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    expect(test.audited('auth.forbidden', { actorId: owner.userId })).toHaveLength(1);
  });

  it('is told that there is no such project', async () => {
    await expect(run([], { into: { ...project, id: anId() } })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an account that is imported', () => {
  it('is there as a whole: person, membership, role, seat and record', async () => {
    const createdAt = new Date('2019-05-06T07:08:09.010Z');
    const id = anId<UserId>();
    const profile = {
      firstName: 'Ada',
      lastName: 'Lovelace',
      phone: '+44 20 7946 0000',
      avatarUrl: 'https://example.test/ada.png',
      metadata: { legacyId: 42 },
      preferences: { theme: 'dark' },
    };
    const email = anEmail();
    const record = { id, email, emailVerified: true, passwordHash, createdAt, roles: ['user', 'admin'], ...profile };

    expect(await run([record])).toEqual([{ line: 1, kind: 'imported', userId: id, provisional: false }]);

    expect(await stateOf(id)).toMatchObject({ id, email, passwordHash, createdAt, status: 'active', ...profile });
    expect(await rolesOf(id)).toEqual(['admin', 'user']);
    expect(await seatsTaken()).toBe(1);
    const tenantId = project.rootTenantId;
    expect(test.audited('user.imported', { userId: id })).toMatchObject([{ tenantId, entityId: id, actorId: null }]);
  });

  it('signs in with the password that the person has', async () => {
    const record = aRecord({ passwordHash });
    await imported(record);
    const email = record.email ?? '';
    await expect(signIn(test, at(project, 'gate'), { email, password: OTHER_PASSWORD })).rejects.toMatchObject({
      code: 'invalid-credentials',
    });
    await expect(signIn(test, at(project, 'gate'), { email, password: PASSWORD })).resolves.toBeDefined();
  });

  it('asks for the code of the app that it brings, whose secret is nowhere to be read', async () => {
    const record = aRecord({ passwordHash, totpSecret: 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq' });
    const id = await imported(record);
    expect(rowsOf(test.store).filter((row) => row.includes(TOTP_SECRET))).toEqual([]);

    const visitor = at(project, 'v1');
    const login = (mfaCode?: string) =>
      test.iam.authentication.login.execute(visitor, { email: record.email ?? '', password: PASSWORD, mfaCode });
    await expect(login()).rejects.toMatchObject({ code: 'mfa-required' });
    const code = await codeAt(TOTP_SECRET, test.clock.now());
    await expect(login(code)).resolves.toMatchObject({ kind: 'signed-in' });
    await expect(login(code)).rejects.toMatchObject({ code: 'mfa-invalid' });
    expect((await stateOf(id)).totpEnabledAt).not.toBeNull();
  });

  it('comes in by the provider that it is linked to, with or without an address', async () => {
    const identity = anIdentity({ email: null });
    const { externalId } = identity;
    const id = await imported({ links: [{ providerId: ACME, externalId, displayName: 'Ada' }] });
    await comeBy(test, at(project, 'v1'), identity);
    expect((await stateOf(id)).lastLoginMethod).toBe(ACME);
  });

  it('has its address in the canonical form, by which nobody else has it', async () => {
    const [first, second] = await run([
      aRecord({ email: ' Ada@BÜCHER.test ' }),
      aRecord({ email: 'ada@xn--bcher-kva.test' }),
    ]);
    expect(first).toMatchObject({ kind: 'imported' });
    expect(second).toMatchObject({ kind: 'refused', refusal: { code: 'repeated' } });
    const holder = await test.ports.userDirectory.byEmail(project.id, 'ada@xn--bcher-kva.test' as never);
    expect(holder).toBeDefined();
  });

  it('joins the root tenant with the default role, where nothing is said of tenants', async () => {
    expect(await rolesOf(await imported(aRecord()))).toEqual(['user']);
    expect(await rolesOf(await imported(aRecord({ roles: [] })))).toEqual([]);
    expect(await rolesOf(await imported(aRecord({ tenants: [] })))).toBeUndefined();
  });

  it('has a tenant of its own from the first sign-in on, where people have such', async () => {
    project = await aProject({ selfServiceTenants: true });
    const record = aRecord({ passwordHash, firstName: 'Ada' });
    const id = await imported(record);
    expect(await rolesOf(id)).toBeUndefined();
    await signIn(test, at(project, 'v1'), { email: record.email ?? '', password: PASSWORD });
    const own = await test.ports.tenantDirectory.ofUser(project.id, id);
    expect(own).toMatchObject([{ tenant: { ownerId: id, name: "Ada's workspace" } }]);
  });

  it('joins the tenants that it names, as it was there', async () => {
    const now = test.clock.now();
    const place = { projectId: project.id, tenantId: project.rootTenantId };
    const other = await seedTenant(test.ports.unitOfWork, now, place as never);
    const id = await imported(
      aRecord({ roles: ['user'], tenants: [{ id: other.tenantId, roles: ['admin'], disabled: true }] }),
    );
    expect(await rolesOf(id)).toEqual(['user']);
    expect(await test.ports.memberDirectory.byId(project.id, other.tenantId, id)).toMatchObject({
      roles: ['admin'],
      membership: { disabledAt: now },
    });
    expect(test.audited('user.imported', { userId: id }).map(({ tenantId }) => tenantId)).toEqual([
      project.rootTenantId,
      other.tenantId,
    ]);
  });

  it.each(['disabled', 'locked'] as const)('is %s where it was so', async (status) => {
    const record = aRecord({ passwordHash, status });
    expect(await stateOf(await imported(record))).toMatchObject({ status, disabledByPlatform: false });
    const attempt = signIn(test, at(project, 'gate'), { email: record.email ?? '', password: PASSWORD });
    await expect(attempt).rejects.toMatchObject({ code: `account-${status}` });
  });

  it('is mailed nothing', async () => {
    const records = [aRecord(), aRecord({ emailVerified: false }), aRecord({ totpSecret: TOTP_SECRET })];
    await run(records);
    await test.relay();
    const addresses = records.map(({ email }) => email);
    expect(test.ports.notifier.messages.filter(({ to }) => addresses.includes(to))).toEqual([]);
  });
});

describe('an address that is yet to be proven', () => {
  it('takes no seat and is there for a week from the import on, however old the account is', async () => {
    const strict = await aProject({ emailVerificationRequired: true });
    const record = aRecord({ emailVerified: false, createdAt: new Date('2019-05-06T07:08:09.010Z') });
    const [outcome] = await run([record], { into: strict });
    if (outcome?.kind !== 'imported') throw new Error('refused');
    expect(outcome.provisional).toBe(true);
    expect(await seatsTaken(strict)).toBe(0);
    expect(await stateOf(outcome.userId, strict)).toMatchObject({ createdAt: test.clock.now(), holdsSeat: false });

    const sweep = (days: number) => test.ports.housekeeping.sweep(secondsAfter(test.clock.now(), days * DAY), 1000);
    await sweep(6);
    expect(await run([record], { into: strict })).toMatchObject([{ kind: 'present' }]);
    await sweep(7);
    expect(await test.ports.userDirectory.byId(strict.id, outcome.userId)).toBeUndefined();
  });

  it('stays as it is where the project asks for no proof', async () => {
    const createdAt = new Date('2019-05-06T07:08:09.010Z');
    const id = await imported(aRecord({ emailVerified: false, createdAt }));
    expect(await stateOf(id)).toMatchObject({ createdAt, emailVerifiedAt: null, holdsSeat: true });
  });
});

describe('a record that no account can be made of', () => {
  const unknownTenant = anId<TenantId>();
  it.each<readonly [string, UserRecord, string]>([
    ['neither address nor link', { email: undefined }, 'email'],
    ['an address that is none', { email: 'ada' }, 'email'],
    ['a hash that is none', { passwordHash: 'hunter2' }, 'passwordHash'],
    [
      'a hash that takes a gigabyte',
      { passwordHash: '$scrypt$ln=20,r=8,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA' },
      'passwordHash',
    ],
    ['a secret that is none', { totpSecret: 'JBSWY3DPEHPK3PXP' }, 'totpSecret'],
    ['a time to come', { createdAt: new Date('2999-01-01') }, 'createdAt'],
    ['a time before time', { createdAt: new Date(-1) }, 'createdAt'],
    ['a number that is none', { metadata: { size: Number.POSITIVE_INFINITY } }, 'number'],
    ['a role that there is not', { roles: ['user', 'nobody'] }, 'roles.1'],
    ['a tenant that there is not', { tenants: [{ id: unknownTenant, roles: [] }] }, 'tenants.0.id'],
    ['a role that there is not elsewhere', { tenants: [{ id: 'root', roles: ['nobody'] }] }, 'tenants.0.roles.0'],
    ['a tenant twice', { roles: [], tenants: [{ id: 'root', roles: [] }] }, 'tenants.0.id'],
    [
      'a provider twice',
      { links: ['1', '2'].map((externalId) => ({ providerId: ACME, externalId })) },
      'links.1.providerId',
    ],
    ['a ban of somebody who is not', { disabledByPlatform: true }, 'disabledByPlatform'],
    [
      'a provider that there is not',
      { links: [{ providerId: 'none' as never, externalId: '1' }] },
      'links.0.providerId',
    ],
  ])('is refused by what is wrong with it, and holds up nobody else: %s', async (_, given, field) => {
    const outcomes = await run([aRecord(), aRecord(given), aRecord()]);
    expect(refusalsOf(outcomes)).toEqual(['imported', 'validation-error', 'imported']);
    expect(outcomes[1]).toMatchObject({ line: 2, refusal: { message: expect.stringContaining(field) } });
    expect(await seatsTaken()).toBe(2);
  });

  it('is one with the role of the owner, who is one by transfer alone', async () => {
    expect(refusalsOf(await run([aRecord({ roles: ['owner'] })]))).toEqual(['owner-protected']);
  });

  it('is one with more roles than anybody may have', async () => {
    const slugs = Array.from({ length: 51 }, (_, index) => `role-${index}`);
    await test.ports.unitOfWork.run(async ({ roles }) => {
      const { Role } = await import('../../src/domain/role/role.ts');
      const at = { projectId: project.id, tenantId: project.rootTenantId, permissions: [], createdBy: null };
      const as = { description: null, builtIn: false, ...at };
      for (const slug of slugs) roles.save(Role.compose({ id: anId(), name: slug, slug, ...as }, test.clock.now()));
    });
    expect(refusalsOf(await run([aRecord({ roles: slugs }), aRecord({ roles: slugs.slice(1) })]))).toEqual([
      'rbac-limit-exceeded',
      'imported',
    ]);
  });

  it('is one that could not be read, in its place among the others', async () => {
    const refusal = { code: 'malformed-line', message: 'is not JSON' } as const;
    async function* entries(): AsyncGenerator<ImportEntry> {
      yield { line: 1, record: aRecord() };
      yield { line: 2, refusal };
      yield { line: 4, record: aRecord() };
    }
    const input = { projectId: project.id, dryRun: false, entries: entries() };
    const outcomes = await collected(await test.iam.users.importUsers.execute(OPERATOR, input));
    expect(outcomes.map(({ line, kind }) => [line, kind])).toEqual([
      [1, 'imported'],
      [2, 'refused'],
      [4, 'imported'],
    ]);
    expect(outcomes[1]).toEqual({ line: 2, kind: 'refused', refusal });
  });

  it('shows nothing of its secrets in why it is refused', async () => {
    const secrets = { passwordHash: 'canary-of-the-hash', totpSecret: 'canary-of-the-app' };
    const outcomes = await run([aRecord(secrets), aRecord({ totpSecret: secrets.totpSecret })]);
    expect(refusalsOf(outcomes)).toEqual(['validation-error', 'validation-error']);
    expect(JSON.stringify(outcomes)).not.toMatch(/canary/);
  });
});

describe('an account that is in the way', () => {
  it('is left as it is: whoever has the address, the id or the identity keeps it', async () => {
    const identity = { providerId: ACME, externalId: anEmail() };
    const holder = aRecord({ id: anId<UserId>(), firstName: 'Holder', links: [identity] });
    const id = await imported(holder);
    const before = await stateOf(id);

    const outcomes = await run([
      aRecord({ email: holder.email?.toUpperCase() }),
      aRecord({ id: holder.id }),
      aRecord({ links: [identity] }),
      aRecord({ links: [{ ...identity, providerId: GLOBEX }] }),
    ]);

    expect(refusalsOf(outcomes)).toEqual([
      'email-already-registered',
      'id-already-used',
      'provider-already-linked',
      'imported',
    ]);
    expect(await stateOf(id)).toEqual(before);
  });

  it('may be one of the same file: the first line keeps what both name, and the other says which that was', async () => {
    const [email, id] = [anEmail(), anId<UserId>()];
    const link = { providerId: ACME, externalId: anEmail() };
    const outcomes = await run([
      aRecord({ email }),
      aRecord({ id }),
      aRecord({ links: [link] }),
      aRecord({ email, firstName: 'Ada' }),
      aRecord({ id }),
      aRecord({ links: [link] }),
    ]);
    expect(refusalsOf(outcomes)).toEqual(['imported', 'imported', 'imported', 'repeated', 'repeated', 'repeated']);
    expect(outcomes.slice(3).map((outcome) => outcome.kind === 'refused' && outcome.refusal.message)).toEqual([
      'is on line 1, too',
      'is on line 2, too',
      'is on line 3, too',
    ]);
  });

  it('is not one that was refused itself', async () => {
    const email = anEmail();
    expect(refusalsOf(await run([aRecord({ email, passwordHash: 'none' }), aRecord({ email })]))).toEqual([
      'validation-error',
      'imported',
    ]);
  });

  it('may come while the import is under way: it is refused alone, and the rest of its commit comes in', async () => {
    const records = many(20);
    let registered = false;
    const racing = createIam({
      ...test.ports,
      unitOfWork: beforeCommit(test.ports.unitOfWork, async () => {
        if (registered) return;
        registered = true;
        const email = records[7]?.email ?? '';
        await test.iam.authentication.register.execute(at(project, 'gate'), { email, password: PASSWORD });
      }),
    });
    const codes = refusalsOf(await run(records, { iam: racing }));
    expect(codes.filter((code) => code !== 'imported')).toEqual(['email-already-registered']);
    expect(codes[7]).toBe('email-already-registered');
    expect(await seatsTaken()).toBe(20);
  });

  it('may be gone: an address that was never proven is free again', async () => {
    const email = anEmail();
    const { user } = await test.iam.authentication.register.execute(at(project, 'gate'), { email, password: PASSWORD });
    await test.ports.unitOfWork.run(async ({ users }) => {
      const leaving = await users.byId(project.id, user.id);
      leaving?.delete(test.clock.now());
      if (leaving) users.save(leaving);
    });
    expect(kindsOf(await run([aRecord({ email })]))).toEqual(['imported']);
  });
});

describe('the seats of a project', () => {
  it('go to the first lines, and to nobody else', async () => {
    const small = await aProject({ userLimit: 150 });
    const outcomes = await run(many(250), { into: small });
    expect(refusalsOf(outcomes)).toEqual([
      ...Array.from({ length: 150 }, () => 'imported'),
      ...Array.from({ length: 100 }, () => 'user-limit-reached'),
    ]);
    expect(await seatsTaken(small)).toBe(150);
  });

  it('are counted in a dry run, too', async () => {
    const small = await aProject({ userLimit: 120 });
    const records = many(250);
    const dry = await run(records, { into: small, dryRun: true });
    expect(refusalsOf(dry)).toEqual(refusalsOf(await run(records, { into: small })));
    expect(await seatsTaken(small)).toBe(120);
  });
});

describe('a dry run', () => {
  const holder = anEmail();
  const records = () => [
    ...many(120),
    aRecord({ email: holder }),
    aRecord({ roles: ['nobody'] }),
    aRecord({ passwordHash: 'none' }),
    aRecord({ roles: ['owner'] }),
    aRecord({ email: anEmail('twice') }),
    aRecord({ email: anEmail('twice'), firstName: 'Ada' }),
    aRecord({ passwordHash, totpSecret: TOTP_SECRET, links: [{ providerId: ACME, externalId: anEmail() }] }),
  ];

  it('says of every line what an import would, and leaves nothing behind', async () => {
    await imported(aRecord({ email: holder }));
    const all = records();
    const before = rowsOf(test.store);

    const dry = await run(all, { dryRun: true });

    expect(rowsOf(test.store)).toEqual(before);
    expect(refusalsOf(dry)).toContain('imported');
    expect(refusalsOf(await run(all))).toEqual(refusalsOf(dry));
  });
});

describe('an import that is started again', () => {
  const settle = (outcomes: Awaited<ReturnType<typeof run>>) =>
    outcomes.map((outcome) => (outcome.kind === 'imported' ? { ...outcome, kind: 'present' } : outcome));
  const isPresent = ({ line, kind, userId }: { line: number; kind: string; userId?: UserId }) => ({
    line,
    kind,
    userId,
  });

  it('finds done what it has done, whatever became of it, and changes nothing', async () => {
    const records = [
      aRecord({ passwordHash }),
      aRecord({ id: anId<UserId>(), passwordHash }),
      aRecord({ createdAt: new Date('2019-05-06T07:08:09.010Z') }),
      { links: [{ providerId: ACME, externalId: anEmail() }] },
    ];
    const first = await run(records);
    expect(kindsOf(first)).toEqual(['imported', 'imported', 'imported', 'imported']);
    const email = records[0]?.email ?? '';
    const { actor } = await signIn(test, at(project, 'gate'), { email, password: PASSWORD });
    await test.iam.account.updateProfile.execute(actor, { firstName: 'Grace' });
    const before = rowsOf(test.store);

    test.clock.advance(DAY);
    const again = await run(records);

    expect(again.map((outcome) => isPresent(outcome as never))).toEqual(
      settle(first).map((outcome) => isPresent(outcome as never)),
    );
    expect(rowsOf(test.store)).toEqual(before);
    expect(await seatsTaken()).toBe(4);
  });

  it('takes an account for done by what was imported, not by what it has become: its address, say', async () => {
    const record = aRecord({ createdAt: new Date('2019-05-06T07:08:09.010Z') });
    const id = await imported(record);
    const now = test.clock.now();
    await test.ports.unitOfWork.run(async ({ users }) => {
      const user = await users.byId(project.id, id);
      const email = anEmail();
      user?.requestEmailChange(email, now);
      user?.advanceEmailChange('proof', email, now);
      if (user) users.save(user);
    });
    expect(await run([record])).toEqual([{ line: 1, kind: 'present', userId: id }]);
  });

  it('goes on where it was broken off, and ends as if it had not been', async () => {
    const records = [...many(230), aRecord({ roles: ['nobody'] }), ...many(230)];
    const whole = await aProject();
    const entries = linesOf(records);
    const input = { projectId: project.id, dryRun: false, entries };
    let seen = 0;
    for await (const _ of await test.iam.users.importUsers.execute(OPERATOR, input)) {
      seen += 1;
      if (seen === 150) break;
    }

    const again = await run(records);
    const uninterrupted = await run(records, { into: whole });

    const kinds = kindsOf(again);
    expect(kinds.slice(0, 150)).toEqual(Array.from({ length: 150 }, () => 'present'));
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(1);
    expect(kinds.at(-1)).toBe('imported');
    const codes = (outcomes: typeof again) =>
      refusalsOf(outcomes).map((code) => (code === 'present' ? 'imported' : code));
    expect(codes(again)).toEqual(codes(uninterrupted));
    expect(await seatsTaken()).toBe(await seatsTaken(whole));
  });

  it('goes on after the database was away: what was not answered for is not half there', async () => {
    const { IamError } = await import('../../src/domain/errors.ts');
    let commits = 0;
    const failing: Iam = createIam({
      ...test.ports,
      unitOfWork: beforeCommit(test.ports.unitOfWork, async () => {
        commits += 1;
        if (commits === 3) throw new IamError('unavailable', { retryAfterSeconds: 1 });
      }),
    });
    const records = many(500);
    await expect(run(records, { iam: failing })).rejects.toMatchObject({ code: 'unavailable' });
    const there = await seatsTaken();
    expect(there % 100).toBe(0);
    expect(there).toBeLessThan(500);

    const again = kindsOf(await run(records));
    expect(again.filter((kind) => kind === 'present')).toHaveLength(there);
    expect(again.filter((kind) => kind === 'refused')).toEqual([]);
    expect(await seatsTaken()).toBe(500);
  });
});

describe('a long file', () => {
  it('is read no faster than it is worked on', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<ImportEntry> {
      while (true) {
        given += 1;
        yield { line: given, record: aRecord() };
      }
    }
    const input = { projectId: project.id, dryRun: true, entries: endless() };
    let answered = 0;
    for await (const { line } of await test.iam.users.importUsers.execute(OPERATOR, input)) {
      answered += 1;
      expect(line).toBe(answered);
      expect(given - answered).toBeLessThan(400);
      if (answered === 2000) break;
    }
    expect(answered).toBe(2000);
  });

  it('needs no place where nobody goes', async () => {
    expect(await run([])).toEqual([]);
  });
});
