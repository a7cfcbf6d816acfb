import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HmacAttester } from '../../src/adapters/crypto/hmac-attester.ts';
import { KeyRing, MASTER_KEY_BYTES } from '../../src/adapters/crypto/key-ring.ts';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  openPostgres,
  type PersistencePorts,
  type PostgresConnection,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import { NO_TENANT } from '../../src/adapters/persistence/schema/audit-seals.ts';
import { oldestKept } from '../../src/domain/audit/retention.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import { attested, MASTER_KEY } from '../support/attested.ts';
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

  const erase = (id: string | undefined) =>
    run(sql`
      update audit_records set ip = null, user_agent = null, before = null, after = null, metadata = null, salt = null
      where id = ${id}::uuid
    `);
  /** What whoever gets at the database can write. */
  const stranger = (id: string, more = {}) => {
    const row: Record<string, unknown> = { action: 'auth.login.succeeded', entity_type: 'session', ...more };
    const names = Object.keys(row).map((name) => sql.identifier(name));
    const values = Object.values(row).map((value) => sql`${value}`);
    return run(sql`
      insert into audit_records (id, project_id, tenant_id, "timestamp", ${sql.join(names, sql`, `)})
      values (${id}::uuid, ${trail.own.projectId}::uuid, ${trail.own.tenantId}::uuid, now(), ${sql.join(values, sql`, `)})
    `);
  };

  it('seals what somebody else inserted, and names it', async () => {
    const [kept] = await sealedTwice();
    const [bare, posing, unsayable] = [anId<string>(), anId<string>(), anId<string>()];
    await stranger(bare);
    await stranger(unsayable, { before: '{"n": 1e400}' });
    await run(sql`create table copied as select * from audit_records where id = ${kept}::uuid`);
    await run(sql`update copied set id = ${posing}::uuid, sealed_in = null`);
    await run(sql`insert into audit_records select * from copied`);
    await trail.record(1);

    expect(await trail.seal()).toBe(4);
    const found = await faults();
    for (const id of [bare, posing, unsayable]) {
      expect(found).toContainEqual({ kind: 'record-foreign', ...trail.own, seal: 3, id });
    }
    expect(found.filter(({ kind }) => kind !== 'record-foreign')).toEqual([
      { kind: 'record-edited', ...trail.own, seal: 3, id: unsayable },
    ]);
    expect(found).toHaveLength(4);
  });

  it('names what somebody changed before it was sealed, whatever of it', async () => {
    const elsewhere = anId<TenantId>();
    const changes = [
      sql`action = 'auth.logout'`,
      sql`user_id = ${anId()}`,
      sql`tenant_id = ${elsewhere}::uuid`,
      sql`"timestamp" = "timestamp" + interval '1 millisecond'`,
      sql`ip = '198.51.100.1'`,
      sql`before = '{"plan": "paid"}'`,
      sql`salt = null`,
      sql`personal_hash = null`,
      sql`attestation = null`,
    ];
    await trail.record(changes.length + 1, { before: { plan: 'free' } });
    const ids = (await run(sql`select id from audit_records order by id`)).map(({ id }) => id);
    for (const [index, change] of changes.entries()) {
      await run(sql`update audit_records set ${change} where id = ${ids[index]}::uuid`);
    }
    await trail.seal();

    const lines = await Promise.all([trail.exported(), trail.exported({ ...trail.own, tenantId: elsewhere })]);
    const named = (await trail.verified(lines.flat())).faults.flatMap((fault) =>
      fault.kind === 'record-foreign' ? [fault.id] : [],
    );
    expect(named.sort()).toEqual(ids.slice(0, -1));
  });

  it('names a seal that somebody else made, and signs nothing of it', async () => {
    await sealedTwice();
    await trail.record(1);
    await run(sql`update audit_records set action = 'auth.logout' where sealed_in is null`);
    // Everything but the key is in the database.
    await trail.by({ attest: () => 'x', attests: () => true }).seal();
    expect(await faults()).toEqual([{ kind: 'end-unsigned', ...trail.own, seal: 3 }]);
    expect(await trail.checkpoint()).toBeUndefined();

    await trail.record(1);
    await trail.seal();
    expect(await faults()).toEqual([{ kind: 'seal-foreign', ...trail.own, seal: 3 }]);
  });

  it('knows its own under the master key before the present one', async () => {
    await sealedTwice();
    await trail.record(1);
    const young = randomBytes(MASTER_KEY_BYTES);
    const rotated = trail.by(new HmacAttester(new KeyRing(young, MASTER_KEY)));
    await rotated.seal();
    const after = trail.by(new HmacAttester(new KeyRing(young)));
    expect((await trail.verified(await after.exported())).faults).toEqual([]);
  });

  it('is held up by no moment and no tenant that is none', async () => {
    const { projectId } = trail.own;
    for (const [tenant, moment] of [
      [anId(), 'infinity'],
      [anId(), '290000-01-01'],
      [anId(), '4000-01-01 BC'],
      [NO_TENANT, '2030-01-01'],
    ]) {
      const inserted = run(sql`
        insert into audit_records (id, project_id, tenant_id, action, entity_type, "timestamp")
        values (${anId()}::uuid, ${projectId}::uuid, ${tenant}::uuid, 'x', 'x', ${moment}::timestamptz)
      `);
      await expect(inserted).rejects.toMatchObject({ constraint: expect.stringMatching(/^audit_records_/) });
    }
  });

  it('takes what is erased between reading and sealing for what it is', async () => {
    await trail.record(2);
    const erased = (await run(sql`select id from audit_records order by id`))[0]?.id;
    const { auditArchive } = ports;
    const racing = await aTrail({
      ...ports,
      auditArchive: {
        ...auditArchive,
        async keep(sealed) {
          await erase(erased);
          return auditArchive.keep(sealed);
        },
      },
    });
    expect(await racing.seal()).toBe(2);
    expect(await trail.verified(await trail.exported())).toMatchObject({ chains: [{ erased: [erased] }], faults: [] });
  });

  it('takes erased personal detail for what it is', async () => {
    const [erased] = await sealedTwice();
    await erase(erased);
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
