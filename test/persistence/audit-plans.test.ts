import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { Database, type PersistencePorts, persistencePorts } from '../../src/adapters/persistence/index.ts';
import type { AuditChain } from '../../src/domain/audit/audit-chain.ts';
import type { AuditRecordId } from '../../src/domain/audit/audit-record.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { AuditFilter } from '../../src/ports/directories/audit-directory.ts';
import { attested } from '../support/attested.ts';
import { aTrail } from '../support/audit-trail.ts';
import { anId } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { migratedTemplate } from './template.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

const TENANTS = 10;
const RECORDS = 40_000;

describeWithPostgres('the plans of the audit trail', () => {
  const chain: AuditChain = { projectId: anId<ProjectId>(), tenantId: anId<TenantId>() };
  const statements: { readonly text: string; readonly params: unknown[] }[] = [];
  let pool: pg.Pool;
  let ports: PersistencePorts;
  /** The month before last and the present one have a partition each. */
  let months: readonly string[];

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: (await freshDatabase(migratedTemplate)).url, max: 2 });
    const logQuery = (text: string, params: unknown[]) => void statements.push({ text, params });
    const database = new Database(drizzle(pool, { logger: { logQuery } }), { prepare: false });
    ports = persistencePorts(database, { idGenerator: new UuidV7Generator(), attested });
    await pool.query(`select make_audit_partitions(now() - interval '2 months', 5)`);
    await pool.query(
      `insert into audit_records
         (id, project_id, tenant_id, action, entity_type, entity_id, user_id, "timestamp", sealed_in, personal_hash)
       select gen_random_uuid(), $1::uuid,
         case when n % ${TENANTS} = 0 then $2::uuid else md5((n % ${TENANTS})::text)::uuid end,
         (array['auth.login.succeeded', 'auth.logout', 'auth.login.succeeded', 'role.created'])[1 + n / ${TENANTS} % 4],
         (array['session', 'user', 'role'])[1 + n / ${TENANTS} % 3], md5((n / 40)::text), md5((n / 80)::text),
         now() - make_interval(secs => n * 120), n / 40, 'hash'
       from generate_series(1, ${RECORDS}) as n`,
      [chain.projectId, chain.tenantId],
    );
    await pool.query('analyze audit_records');
    const { rows } = await pool.query(
      `select distinct tableoid::regclass::text as month from audit_records order by 1`,
    );
    months = rows.map(({ month }) => month);
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
  const tablesIn = (plans: readonly Plan[]) =>
    [...new Set(plans.flatMap((plan) => plan['Relation Name'] ?? []))].filter((name) => /audit_records_2/.test(name));
  /** How partitions are read that anything is in. */
  const scansIn = (plans: readonly Plan[]) =>
    plans.filter((plan) => months.includes(plan['Relation Name'] ?? '')).map((plan) => plan['Node Type']);
  const indexesIn = (plans: readonly Plan[]) =>
    new Set(plans.flatMap((plan) => plan['Index Name']?.replace(/^audit_records_\d{4}_\d\d_/, '') ?? []));

  const list = (filter: AuditFilter, after?: AuditRecordId) => () =>
    ports.auditDirectory.page([chain], filter, { after, limit: 20 });

  it.each<[string, AuditFilter]>([
    ['nothing', {}],
    ['an action', { action: 'role.created' }],
    ['a prefix', { action: 'role.*' }],
    ['a rare action', { action: 'auth.impersonation.started' }],
    ['a kind of thing', { entityType: 'role' }],
    ['a thing', { entityType: 'role', entityId: 'x' }],
    ['an id of a thing', { entityId: 'x' }],
    ['a person', { userId: 'x' }],
    ['a time', { from: new Date(Date.now() - 3_600_000) }],
  ])('look a list up by an index when it is filtered by %s', async (_, filter) => {
    for (const after of [undefined, anId<AuditRecordId>()]) {
      const scans = scansIn(await plansOf(list(filter, after)));
      expect(scans.length).toBeGreaterThan(0);
      for (const scan of scans) expect(scan).toMatch(/Index|Bitmap/);
    }
  });

  it('have an index for each filter that leaves little', async () => {
    expect(indexesIn(await plansOf(list({ action: 'auth.impersonation.started' })))).toContainEqual(
      expect.stringMatching(/action/),
    );
    expect(indexesIn(await plansOf(list({ entityType: 'role', entityId: 'x' })))).toContainEqual(
      expect.stringMatching(/entity/),
    );
    expect(indexesIn(await plansOf(list({ userId: 'x' })))).toContainEqual(expect.stringMatching(/user/));
  });

  it('look at the months alone that a list is of', async () => {
    expect(months.length).toBeGreaterThan(1);
    expect(tablesIn(await plansOf(list({})))).toEqual(expect.arrayContaining([...months]));
    const [oldest] = months;
    const end = new Date(`${oldest?.slice(-7).replace('_', '-')}-28T00:00:00Z`);
    expect(tablesIn(await plansOf(list({ to: end })))).toEqual([oldest]);
    expect(tablesIn(await plansOf(list({ from: new Date(end.getTime() - 86_400_000), to: end })))).toEqual([oldest]);
  });

  it('find what has no seal, mark it and export it without looking at the rest', async () => {
    const trail = await aTrail(ports);
    await trail.record(3);
    const plans = await plansOf(async () => {
      expect(await trail.seal()).toBe(3);
      expect(await trail.exported()).toHaveLength(5);
    });
    const scans = scansIn(plans);
    expect(scans.length).toBeGreaterThan(3);
    for (const scan of scans) expect(scan).toMatch(/Index|Bitmap|ModifyTable/);
  });
});
