import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { Database, type PersistencePorts, persistencePorts } from '../../src/adapters/persistence/index.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { MemberFilter } from '../../src/ports/directories/member-directory.ts';
import { attested } from '../support/attested.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { aCrowd, type Crowd } from './crowd.ts';
import { migratedTemplate } from './template.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

describeWithPostgres('the plans of lists', () => {
  const statements: { readonly text: string; readonly params: unknown[] }[] = [];
  let pool: pg.Pool;
  let database: Database;
  let ports: PersistencePorts;
  let crowd: Crowd;

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: (await freshDatabase(migratedTemplate)).url, max: 2 });
    const logQuery = (text: string, params: unknown[]) => void statements.push({ text, params });
    database = new Database(drizzle(pool, { logger: { logQuery } }), { prepare: false });
    ports = persistencePorts(database, { idGenerator: new UuidV7Generator(), attested });
    crowd = await aCrowd(pool);
  });
  afterAll(() => pool.end());

  /** The plans of what is sent meanwhile, with the values that it was sent with. */
  async function plansOf(act: () => Promise<unknown>): Promise<readonly Plan[]> {
    statements.length = 0;
    await act();
    const plans: Plan[] = [];
    for (const { text, params } of [...statements]) {
      const { rows } = await pool.query(`explain (format json) ${text}`, params);
      plans.push(rows[0]['QUERY PLAN'][0].Plan);
    }
    return plans.flatMap(parts);
  }
  const parts = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(parts)];
  /** Tables that are read from one end to the other. */
  const walked = (plans: readonly Plan[]) =>
    plans.flatMap((plan) => (plan['Node Type'] === 'Seq Scan' ? (plan['Relation Name'] ?? []) : []));
  const indexesIn = (plans: readonly Plan[]) => plans.flatMap((plan) => plan['Index Name'] ?? []);

  it('are seen to walk where something does: through roles, for one that is called something', async () => {
    const plans = await plansOf(() => database.execute(sql`select 1 from roles where name = ${'Something'}`));
    expect(walked(plans)).toEqual(['roles']);
  });

  type Look = (ports: PersistencePorts, crowd: Crowd) => (after: never, limit: number) => Promise<unknown>;
  const pages: readonly (readonly [string, Look])[] = [
    ['projects', (all) => (after, limit) => all.projectDirectory.page({ after, limit })],
    [
      'API keys',
      (all, { projectId }) =>
        (after, limit) =>
          all.apiKeyDirectory.page(projectId, { after, limit }),
    ],
    [
      'tenants',
      (all, { projectId }) =>
        (after, limit) =>
          all.tenantDirectory.page(projectId, { after, limit }),
    ],
    [
      'roles',
      (all, { projectId, tenantId }) =>
        (after, limit) =>
          all.roleDirectory.page(projectId, tenantId, { after, limit }),
    ],
    [
      'invitations',
      (all, { projectId, tenantId }) =>
        (after, limit) =>
          all.invitationDirectory.page(projectId, tenantId, new Date(), { after, limit }),
    ],
  ];
  it.each(pages)('walk no table for a page of %s, at any depth', async (_what, look) => {
    for (const after of [undefined, crowd.somewhere]) {
      const plans = await plansOf(() => look(ports, crowd)(after as never, 20));
      expect(plans.length).toBeGreaterThan(0);
      expect(walked(plans)).toEqual([]);
    }
  });

  const members = (filter: Partial<MemberFilter>, after?: UserId) => () =>
    ports.memberDirectory.page(
      crowd.projectId,
      crowd.tenantId,
      { includeDeleted: false, ...filter },
      { after, limit: 20 },
    );
  it.each<[string, Partial<MemberFilter>, RegExp]>([
    ['nothing', {}, /^listed_members_(present|pk)$/],
    ['nothing, the removed ones too', { includeDeleted: true }, /^listed_members_pk$/],
    ['a common status', { status: 'active' }, /^listed_members_(present|pk)$/],
    ['a rare status', { status: 'disabled' }, /^listed_members_status$/],
    ['a role that many hold', { role: 'member' }, /^membership_roles_(role|pk)$/],
    ['a role that few hold', { role: 'admin' }, /^membership_roles_role$/],
    ['a role that there is not', { role: 'nobody' }, /^roles_slug$/],
    ['the beginning of an address', { search: 'user39' }, /^listed_members_email$/],
    ['the beginning of a first name', { search: 'First39' }, /^listed_members_first_name$/],
    ['the beginning of a last name', { search: 'Last39' }, /^listed_members_last_name$/],
    ['what everybody begins with', { search: 'u' }, /^listed_members_/],
    ['what everybody begins with, in a role that few hold', { search: 'u', role: 'admin' }, /^membership_roles_role$/],
    ['everything at once', { search: 'user39', status: 'disabled', role: 'member' }, /^listed_members_/],
  ])('walk no table for a page of members by %s, at any depth', async (_what, filter, index) => {
    for (const after of [undefined, crowd.somewhere as UserId]) {
      const plans = await plansOf(members(filter, after));
      expect(walked(plans)).toEqual([]);
      expect(indexesIn(plans)).toContainEqual(expect.stringMatching(index));
    }
  });

  it.each<[string, string, string, RegExp[]]>([
    ['among the newest holders where many fit', 'member', 'u', [/^listed_members_(present|pk)$/]],
    ['among those who fit where these are few', 'member', 'user39', [/_email$/, /_first_name$/, /_last_name$/]],
  ])('look for a role and a beginning %s', async (_where, role, search, indexes) => {
    const plans = await plansOf(members({ role, search }));
    const listed = plans.filter((plan) => plan['Relation Name'] === 'listed_members');
    const ofPage = indexesIn(listed.slice(-indexes.length));
    expect(ofPage).toEqual(indexes.map((index) => expect.stringMatching(index)));
    expect(walked(plans)).toEqual([]);
  });

  it.each([
    ['few', 'admin', 1, 20],
    ['many', 'member', 2_001, 3_000],
  ] as const)('find the same where %s hold the role, however they are walked', async (_how, role, least, most) => {
    const page = async (filter: Partial<MemberFilter>, limit: number) => {
      const all = { includeDeleted: true, ...filter };
      return (await ports.memberDirectory.page(crowd.projectId, crowd.tenantId, all, { after: undefined, limit }))
        .items;
    };
    const holders = await page({ role }, most);
    expect(holders.length).toBeGreaterThanOrEqual(least);
    const idsOf = (members: typeof holders) => members.map(({ user }) => user.id);
    const sought = holders.filter(({ user }) => user.email?.startsWith('user4'));
    expect(sought.length).toBeGreaterThan(0);
    expect(idsOf(await page({ role, search: 'User4' }, 5))).toEqual(idsOf(sought.slice(0, 5)));
    expect(idsOf(await page({ role, search: 'User4' }, most))).toEqual(idsOf(sought));
    const disabled = holders.filter(({ user }) => user.status === 'disabled');
    expect(idsOf(await page({ role, status: 'disabled' }, most))).toEqual(idsOf(disabled));
  });

  it('walk no sessions for those whose end is to be written down', async () => {
    const plans = await plansOf(async () => {
      const after = { projectId: crowd.projectId, id: crowd.somewhere as never };
      for (const from of [undefined, after]) await ports.housekeeping.awaitingRecord(from, 100);
    });
    expect(indexesIn(plans)).toEqual(['refresh_tokens_impersonated', 'refresh_tokens_impersonated']);
    expect(walked(plans)).toEqual([]);
  });

  it('walk no table for anything else that is about one person, role, tenant or address', async () => {
    const { projectId, tenantId, userId, email } = crowd;
    const plans = await plansOf(async () => {
      await ports.memberDirectory.byId(projectId, tenantId, userId);
      await ports.roleDirectory.permissionsOf(projectId, tenantId, userId);
      await ports.roleDirectory.grantsOf(projectId, tenantId, userId);
      await ports.permissionModuleDirectory.ofProject(projectId);
      await ports.tenantDirectory.ofUser(projectId, userId);
      await ports.userDirectory.byEmail(projectId, email);
      await ports.userDirectory.holdersOf(projectId, tenantId, ['owner', 'admin']);
      await ports.userDirectory.ownersOver(projectId, userId);
      await ports.sessionDirectory.aliveOfUser(projectId, userId, new Date());
      await ports.unitOfWork.run(async (all) => {
        await all.memberships.find(projectId, tenantId, userId);
        await all.memberships.landing(projectId, tenantId, userId);
        await all.memberships.countElsewhere(projectId, tenantId, userId);
        await all.roles.bySlugs(projectId, tenantId, ['owner', 'admin']);
        await all.roles.ofMember(projectId, tenantId, userId);
        await all.roles.heldBy(projectId, userId);
        await all.tenants.ownedBy(projectId, userId);
        await all.invitations.byEmail(projectId, tenantId, email);
        await all.invitations.byDigest(projectId, ['digest' as never]);
        await all.invitations.ofUser(projectId, userId);
        await all.ownershipTransfers.ofTenant(projectId, tenantId);
        await all.ownershipTransfers.ofPerson(projectId, userId);
        await all.refreshTokens.inPlaceOf(projectId, userId);
      });
    });
    expect(plans.length).toBeGreaterThan(20);
    expect(walked(plans)).toEqual([]);
  });
});
