import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  migrate,
  openPostgres,
  type PersistencePorts,
  type PostgresConnection,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import { attested } from '../support/attested.ts';
import { anAuditEntry, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { describeWithPostgres, freshDatabase, type TestDatabase } from '../support/databases.ts';
import { migrateOnlyTo } from './migrate-only-to.ts';

const DAY = 24 * 60 * 60;
/** The next one changes `users`. */
const BEFORE_DISABLED_BY_PLATFORM = 7;

/** What changes a table waits until everybody has left it, and whoever comes later waits behind: unless it gives up soon. */
describeWithPostgres('somebody who reads for long', () => {
  let fresh: TestDatabase;
  let connection: PostgresConnection;
  let reader: pg.Client;

  beforeEach(async () => {
    fresh = await freshDatabase();
    connection = openPostgres({ url: fresh.url });
    reader = new pg.Client({ connectionString: fresh.url });
    await reader.connect();
  });
  afterEach(async () => {
    await reader.end();
    await connection.close();
    await fresh[Symbol.asyncDispose]();
  });

  const read = async (table: string) => {
    await reader.query('begin');
    await reader.query(`select from ${table} limit 1`);
  };
  const ports = (): PersistencePorts =>
    persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
  const somebodyWaits = async () => {
    const [found] = await connection.database.execute<{ waits: boolean }>(
      sql`select exists (select from pg_locks where not granted) as waits`,
    );
    return found?.waits;
  };

  it('holds up a migration, which holds up nobody else', async () => {
    await migrateOnlyTo(reader, BEFORE_DISABLED_BY_PLATFORM);
    await read('users');
    const migrated = migrate(connection);
    await expect.poll(somebodyWaits, { interval: 5 }).toBe(true);

    await connection.database.execute(sql`select from users limit 1`);
    await connection.database.execute(sql`update users set last_name = last_name`);
    await reader.query('commit');

    expect((await migrated)[0]).toBe('0008_disabled_by_platform');
  });

  it('is what a migration names that gives up', async () => {
    await migrateOnlyTo(reader, BEFORE_DISABLED_BY_PLATFORM);
    await read('users');

    await expect(migrate(connection, { patienceMs: 1 })).rejects.toThrow(
      /^The migration 0008_disabled_by_platform .* pg_stat_activity/,
    );
    await reader.query('commit');
    await migrate(connection);
  });

  it('keeps the months of the audit trail from being made, and nothing from being recorded', async () => {
    await migrate(connection);
    const { housekeeping, unitOfWork } = ports();
    const nextYear = secondsAfter(new Date(), 400 * DAY);
    const later = secondsAfter(nextYear, 40 * DAY);
    const record = (timestamp: Date) =>
      unitOfWork.run(async ({ audit }) => audit.record(anAuditEntry(timestamp, { projectId: anId() })));
    await read('audit_records');

    const swept = housekeeping.sweep(nextYear, 100);
    await expect.poll(somebodyWaits, { interval: 5 }).toBe(true);
    await record(new Date());
    await swept;
    await reader.query('commit');
    await housekeeping.sweep(nextYear, 100);
    await record(later);

    const [found] = await connection.database.execute<{ partition: string }>(
      sql`select tableoid::regclass::text as partition from audit_records order by "timestamp" desc limit 1`,
    );
    expect(found?.partition).toBe(`audit_records_${later.toISOString().slice(0, 7).replace('-', '_')}`);
  });
});
