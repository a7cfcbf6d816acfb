import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  openPostgres,
  type PersistencePorts,
  type PostgresConnection,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import { oldestKept } from '../../src/domain/audit/retention.ts';
import { attested } from '../support/attested.ts';
import { aTrail, recordsIn, type Trail } from '../support/audit-trail.ts';
import { anAuditEntry, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { describeWithPostgres, freshDatabase, type TestDatabase } from '../support/databases.ts';
import { migratedTemplate } from './template.ts';

const DAY = 24 * 60 * 60;

describeWithPostgres('the audit trail in Postgres', () => {
  let fresh: TestDatabase;
  let connection: PostgresConnection;
  let ports: PersistencePorts;
  let trail: Trail;

  beforeEach(async () => {
    fresh = await freshDatabase(migratedTemplate);
    connection = openPostgres({ url: fresh.url });
    ports = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
    trail = await aTrail(ports);
  });
  afterEach(async () => {
    await connection.close();
    await fresh[Symbol.asyncDispose]();
  });

  const run = (statement: ReturnType<typeof sql>) => connection.database.execute<Record<string, string>>(statement);
  const faults = async () => (await trail.verified(await trail.exported())).faults;

  /** Somebody with a session of their own, in the middle of something. */
  async function inTransaction(statement: string, meanwhile: () => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: fresh.url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query(statement);
      await meanwhile();
      await client.query('rollback');
    } finally {
      await client.end();
    }
  }

  async function sealedTwice(): Promise<readonly string[]> {
    for (let seals = 0; seals < 2; seals += 1) {
      await trail.record(3, { userAgent: 'curl', before: { plan: 'free' } });
      await trail.seal();
    }
    expect(await faults()).toEqual([]);
    return recordsIn(await trail.exported()).map(({ id }) => id);
  }

  it('shows which row was edited, whatever of it', async () => {
    const [, edited] = await sealedTwice();
    for (const change of [
      sql`action = 'auth.logout'`,
      sql`user_id = ${anId()}`,
      sql`"timestamp" = "timestamp" + interval '1 millisecond'`,
      sql`ip = '198.51.100.1'`,
      sql`before = '{"plan": "paid"}'`,
      sql`after = '{}'`,
      sql`salt = 'x'`,
      sql`personal_hash = 'x'`,
      sql`ip = null`,
    ]) {
      await run(sql`create table kept as select * from audit_records where id = ${edited}::uuid`);
      await run(sql`update audit_records set ${change} where id = ${edited}::uuid`);
      expect(await faults()).toEqual([{ kind: 'record-edited', ...trail.own, seal: 1, id: edited }]);
      await run(sql`delete from audit_records where id = ${edited}::uuid`);
      await run(sql`insert into audit_records select * from kept`);
      await run(sql`drop table kept`);
    }
    expect(await faults()).toEqual([]);
  });

  it('shows which row was removed, inserted or moved', async () => {
    const [first, second, third, , , last] = await sealedTwice();
    const copied = anId<string>();
    const columns = sql`project_id, action, entity_type, ip, user_agent, "timestamp", personal_hash, salt`;
    await run(sql`delete from audit_records where id = ${first}::uuid`);
    await run(sql`
      insert into audit_records (id, tenant_id, sealed_in, ${columns})
      select ${copied}::uuid, tenant_id, 9, ${columns} from audit_records where id = ${second}::uuid
    `);
    await run(sql`update audit_records set sealed_in = 2 where id = ${third}::uuid`);
    await run(sql`update audit_records set tenant_id = ${anId()}::uuid where id = ${last}::uuid`);

    expect(await faults()).toEqual([
      { kind: 'record-removed', ...trail.own, seal: 1, id: first },
      { kind: 'record-removed', ...trail.own, seal: 1, id: third },
      { kind: 'record-inserted', ...trail.own, seal: 2, id: third },
      { kind: 'record-inserted', ...trail.own, seal: 9, id: copied },
      { kind: 'record-removed', ...trail.own, seal: 2, id: last },
    ]);
  });

  it('shows which seal was edited or removed', async () => {
    await sealedTwice();
    await trail.record(1);
    await trail.seal();
    await run(sql`update audit_seals set "count" = "count" + 1 where "number" = 1`);
    expect(await faults()).toMatchObject([
      { kind: 'seal-edited', seal: 1 },
      { kind: 'chain-broken', seal: 1 },
      { kind: 'chain-broken', seal: 2 },
    ]);
    await run(sql`update audit_seals set "count" = "count" - 1 where "number" = 1`);
    await run(sql`delete from audit_seals where "number" = 2`);
    expect((await faults()).map(({ kind }) => kind)).toEqual([...Array(3).fill('record-inserted'), 'seals-removed']);
  });

  it('takes erased personal detail for what it is', async () => {
    const [erased] = await sealedTwice();
    await run(sql`
      update audit_records set ip = null, user_agent = null, before = null, after = null, metadata = null, salt = null
      where id = ${erased}::uuid
    `);
    expect(await trail.verified(await trail.exported())).toMatchObject({ chains: [{ erased: [erased] }], faults: [] });
  });

  it('has a later seal for a record that was committed late, whatever its id', async () => {
    const early = anId<string>();
    await trail.record(2);
    await trail.seal();
    const idGenerator = { next: <Id>() => early as Id };
    const { unitOfWork } = persistencePorts(connection.database, { idGenerator, attested });
    await unitOfWork.run(async ({ audit }) => audit.record(anAuditEntry(new Date(), trail.own)));
    expect(await trail.seal()).toBe(1);

    const lines = await trail.exported();
    expect(recordsIn(lines).at(-1)).toMatchObject({ id: early, sealedIn: 2 });
    expect(await trail.verified(lines)).toMatchObject({ chains: [{ records: 3 }], faults: [] });
  });

  it('makes nobody who records wait for whoever seals, nor the other way round', async () => {
    await trail.record(2);
    await trail.seal();
    await inTransaction('update audit_seals set count = 0; update audit_records set sealed_in = 2', async () => {
      await trail.record(1);
    });
    const { projectId } = trail.own;
    const recording = `insert into audit_records (id, project_id, action, entity_type, "timestamp")
      values ('${anId()}', '${projectId}', 'auth.logout', 'session', now())`;
    await inTransaction(recording, async () => {
      expect(await trail.seal()).toBe(1);
    });
    expect(await faults()).toEqual([]);
  });

  it('drops the partition of a month that has had its time, when nobody is at it', async () => {
    const partitions = async () =>
      (
        await run(sql`
          select relname from pg_inherits join pg_class on oid = inhrelid
          where inhparent = 'audit_records'::regclass order by relname
        `)
      ).map(({ relname }) => relname);
    const now = new Date();
    const cut = oldestKept(-1, now);
    const name = (date: Date) => `audit_records_${date.toISOString().slice(0, 7).replace('-', '_')}`;
    await trail.record(2, { timestamp: now });
    await trail.record(1, { timestamp: secondsAfter(cut, DAY) });
    expect(await partitions()).toContain(name(now));

    expect(await ports.auditArchive.forget(cut, 10)).toBe(0);
    await trail.seal();
    expect(await ports.auditArchive.forget(cut, 10)).toBe(1);
    await inTransaction('select from audit_records', async () => {
      expect(await ports.auditArchive.forget(cut, 10)).toBe(0);
    });
    expect(await partitions()).toContain(name(now));
    expect(await ports.auditArchive.forget(cut, 10)).toBe(1);

    expect(await partitions()).not.toContain(name(now));
    expect(await partitions()).toContain(name(cut));
    expect(await faults()).toEqual([]);
  });
});
