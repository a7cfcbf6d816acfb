import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  MIGRATIONS_FOLDER,
  migrate,
  openPostgres,
  type PostgresConnection,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import { attested } from '../support/attested.ts';
import { anAuditEntry, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { describeWithPostgres, freshDatabase, type TestDatabase } from '../support/databases.ts';

const DAY = 24 * 60 * 60;

describeWithPostgres('migrations', () => {
  let fresh: TestDatabase;
  let connection: PostgresConnection;

  beforeEach(async () => {
    fresh = await freshDatabase();
    connection = openPostgres({ url: fresh.url });
  });
  afterEach(async () => {
    await connection.close();
    await fresh[Symbol.asyncDispose]();
  });

  const texts = async (query: ReturnType<typeof sql>) =>
    (await connection.database.execute<{ text: string }>(query)).map(({ text }) => text);

  it('brings an empty database up to date from sixteen instances at once, and changes nothing the next time', async () => {
    await Promise.all(Array.from({ length: 16 }, () => migrate(connection)));
    await migrate(connection);

    const known = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).map(({ hash }) => hash);
    const applied = await texts(sql`select hash as text from drizzle.__drizzle_migrations order by id`);
    expect(applied).toEqual(known);
  });

  it('indexes nothing of a session that a rotation changes', async () => {
    await migrate(connection);

    const indexed = await texts(sql`
      select distinct attname as text from pg_index join pg_attribute on attrelid = indexrelid
      where indrelid = 'refresh_tokens'::regclass order by 1
    `);
    expect(indexed).toEqual(['id', 'project_id', 'tenant_id', 'user_id']);
    expect(await texts(sql`select reloptions::text as text from pg_class where relname = 'refresh_tokens'`)).toEqual([
      '{fillfactor=70}',
    ]);
  });

  it('leads every key and index of a pool with the project', async () => {
    await migrate(connection);

    const others = await texts(sql`
      select indexrelid::regclass::text as text from pg_index
        join pg_class on pg_class.oid = indrelid and relnamespace = 'public'::regnamespace and not relispartition
        join pg_attribute on attrelid = indexrelid and attnum = 1
      where attname <> 'project_id' order by 1
    `);
    // Projects themselves, what belongs to the whole installation, and what only the sweep asks for.
    expect(others).toEqual([
      'audit_seals_age',
      'authorization_requests_expiry',
      'event_heads_pk',
      'events_age',
      'idempotency_keys_age',
      'idempotency_keys_pk',
      'invitations_expiry',
      'one_time_tokens_expiry',
      'outbox_pk',
      'outbox_waiting',
      'ownership_transfers_expiry',
      'projects_one_platform',
      'projects_pk',
      'sign_in_challenges_expiry',
      'signing_keys_due',
      'signing_keys_expiry',
      'totp_factors_expiry',
      'unpublished_events_pk',
      'webhook_deliveries_due',
    ]);
  });

  it('keeps audit records by month, those of the months ahead too', async () => {
    await migrate(connection);
    const { unitOfWork, housekeeping } = persistencePorts(connection.database, {
      idGenerator: new UuidV7Generator(),
      attested,
    });
    const now = new Date();
    const nextYear = secondsAfter(now, 400 * DAY);
    const record = (timestamp: Date) =>
      unitOfWork.run(async ({ audit }) => audit.record(anAuditEntry(timestamp, { projectId: anId() })));
    const partitions = () =>
      texts(sql`select tableoid::regclass::text as text from audit_records order by timestamp, tableoid`);
    const partitionOf = (date: Date) => `audit_records_${date.toISOString().slice(0, 7).replace('-', '_')}`;

    await record(now);
    await record(nextYear);
    expect(await partitions()).toEqual([partitionOf(now), 'audit_records_default']);

    // What the default partition holds already stays there; what comes later has room of its own.
    await housekeeping.sweep(nextYear, 100);
    const later = secondsAfter(nextYear, 40 * DAY);
    await record(nextYear);
    await record(later);
    expect(await partitions()).toEqual([
      partitionOf(now),
      'audit_records_default',
      'audit_records_default',
      partitionOf(later),
    ]);
  });
});
