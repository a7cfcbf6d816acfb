import { hash as bcrypt } from '@node-rs/bcrypt';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { UserRecord } from '../../src/application/users/user-record.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { aProjectOf, aRegisteredUser, at, PASSWORD, type TestIam, thePlatformOwner } from '../support/an-iam.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { anEmail, anId } from '../support/builders.ts';
import { collected, importing } from '../support/import-lines.ts';
import { seedTenant } from '../support/seeds.ts';
import { ACME, anIamWithProviders, GLOBEX, offerProviders } from './provider-people.ts';

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

async function aProject(): Promise<ProjectState> {
  const made = await aProjectOf(test, { v1Enabled: true });
  await offerProviders(test, made);
  return made;
}

const exporting = ({ withSecrets = true, from = project } = {}) =>
  test.iam.users.exportUsers.execute(OPERATOR, { projectId: from.id, withSecrets });
const exported = async (options: Parameters<typeof exporting>[0] = {}) => collected(await exporting(options));
const brought = (records: readonly UserRecord[], into = project) =>
  importing(test.iam, OPERATOR, { projectId: into.id }, records);
const metadataOf = (action: 'users.export.started' | 'users.exported', { id } = project) =>
  test.audited(action, { projectId: id }).map(({ metadata }) => metadata);

/** One of every kind, by their ids. */
async function everybody(): Promise<readonly UserRecord[]> {
  const { tenantId } = await seedTenant(test.ports.unitOfWork, test.clock.now(), {
    projectId: project.id,
    tenantId: project.rootTenantId,
  } as never);
  const createdAt = new Date('2019-05-06T07:08:09.010Z');
  const usual = { emailVerified: true, status: 'active', createdAt, roles: ['user'] } as const;
  const link = { providerId: ACME, externalId: anEmail() };
  const others: readonly UserRecord[] = [
    { firstName: 'Ada', lastName: 'Lovelace', phone: '+44', avatarUrl: 'https://example.test/a.png' },
    { metadata: { legacyId: 42 }, preferences: { theme: 'dark' } },
    { passwordHash },
    { passwordHash, totpSecret: TOTP_SECRET },
    { status: 'locked' },
    { status: 'disabled' },
    { status: 'disabled', disabledByPlatform: true },
    { emailVerified: false },
    { roles: [] },
    { roles: ['admin', 'user'] },
    { roles: ['user'], tenants: [{ id: tenantId, roles: ['member'] }] },
    { roles: undefined, tenants: [] },
    { roles: undefined, tenants: [{ id: 'root', roles: ['user'], disabled: true }] },
    {
      links: [
        { ...link, email: 'ada@acme.test', displayName: 'Ada' },
        { ...link, providerId: GLOBEX },
      ],
    },
    { email: undefined, emailVerified: false, links: [{ providerId: ACME, externalId: anEmail() }] },
  ];
  const all = others.map((given): UserRecord => ({ id: anId<UserId>(), email: anEmail(), ...usual, ...given }));
  const outcomes = await brought(all);
  expect(outcomes.map(({ kind }) => kind)).toEqual(all.map(() => 'imported'));
  return all.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1)).map(withoutUndefined);
}

function withoutUndefined(record: UserRecord): UserRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

describe('who may export', () => {
  it('is whoever runs the process, and nobody over a network: not even the owner of the platform', async () => {
    const owner = await thePlatformOwner(test);
    const attempt = test.iam.users.exportUsers.execute(owner, { projectId: project.id, withSecrets: false });
    await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    expect(metadataOf('users.export.started')).toEqual([]);
  });
});

describe('an export', () => {
  it('has everybody as an import takes them: what was imported comes out as it went in', async () => {
    const all = await everybody();
    expect(await exported()).toEqual(all);
  });

  it('has no secret unless it is asked for', async () => {
    const all = await everybody();
    const shown = await exported({ withSecrets: false });
    expect(shown).toEqual(all.map(({ passwordHash: _, totpSecret: __, ...others }) => others));
    expect(JSON.stringify(shown)).not.toContain(TOTP_SECRET);
  });

  it('goes into an empty project, and comes out of it the same', async () => {
    await everybody();
    const ofProject = (records: readonly UserRecord[]) =>
      records.filter(({ tenants = [] }) => tenants.every(({ id }) => id === 'root'));
    const all = ofProject(await exported());
    const other = await aProject();
    const outcomes = await brought(all, other);
    expect(outcomes.map(({ kind }) => kind)).toEqual(all.map(() => 'imported'));
    expect(await exported({ from: other })).toEqual(all);
    // Whoever is there is done, in the project that they came from, too.
    for (const place of [project, other]) {
      expect((await brought(all, place)).map(({ kind }) => kind)).toEqual(all.map(() => 'present'));
    }
  });

  it('takes people along with password and authenticator app', async () => {
    const [record] = [{ email: anEmail(), emailVerified: true, passwordHash, totpSecret: TOTP_SECRET }];
    await brought(record === undefined ? [] : [record]);
    const other = await aProject();
    await brought(await exported(), other);
    const mfaCode = await codeAt(TOTP_SECRET, test.clock.now());
    const credentials = { email: record?.email ?? '', password: PASSWORD, mfaCode };
    await expect(test.iam.authentication.login.execute(at(other, 'v1'), credentials)).resolves.toMatchObject({
      kind: 'signed-in',
    });
  });

  it('has neither the deleted nor the merely invited, and nobody of another project', async () => {
    const [ada] = [await aRegisteredUser(test, at(project, 'gate'))];
    const gone = await aRegisteredUser(test, at(project, 'gate'));
    await test.ports.unitOfWork.run(async ({ users }) => {
      const leaving = await users.byId(project.id, gone.registered.user.id);
      leaving?.delete(test.clock.now());
      if (leaving) users.save(leaving);
    });
    await brought([{ email: anEmail(), emailVerified: true }], await aProject());
    expect((await exported()).map(({ email }) => email)).toEqual([ada?.email]);
  });

  it('goes through any number of people, in the order of their ids', async () => {
    const records = Array.from({ length: 1203 }, () => ({ email: anEmail(), emailVerified: true }));
    await brought(records);
    const ids = (await exported({ withSecrets: false })).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1203);
    expect(ids).toEqual(ids.toSorted());
  });

  it('is on record before anything is given away, and how many were once it is over', async () => {
    await brought(Array.from({ length: 3 }, () => ({ email: anEmail(), emailVerified: true })));
    const records = await exporting();
    expect(metadataOf('users.export.started')).toEqual([{ withSecrets: true }]);
    expect(metadataOf('users.exported')).toEqual([]);
    await collected(records);
    await exported({ withSecrets: false });
    expect(metadataOf('users.exported')).toEqual([
      { withSecrets: true, count: 3 },
      { withSecrets: false, count: 3 },
    ]);
  });

  it('is on record with what was given away where it was broken off', async () => {
    await brought(Array.from({ length: 3 }, () => ({ email: anEmail(), emailVerified: true })));
    for await (const { email } of await exporting()) {
      expect(email).toBeDefined();
      break;
    }
    expect(metadataOf('users.exported')).toEqual([{ withSecrets: true, count: 1 }]);
  });
});
