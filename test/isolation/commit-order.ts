import { sql } from 'drizzle-orm';
import type { Database } from '../../src/adapters/persistence/index.ts';
import type { AuditAction } from '../../src/ports/audit-trail.ts';

/** A record of the trail, and where it came in the order of commits. */
export interface Committed {
  readonly number: number;
  readonly action: AuditAction;
  readonly entityId: string;
}

/**
 * Numbers every record of the trail at the very end of its transaction, with all its locks still held: of two
 * transactions of which one waits for a lock of the other, the other has the lower number.
 */
export async function watchCommits(database: Database): Promise<void> {
  await database.execute(sql`
    create table commit_order (record uuid, number bigint generated always as identity)`);
  await database.execute(sql`
    create function number_commit() returns trigger language plpgsql as
    $$ begin insert into commit_order (record) values (new.id); return null; end $$`);
  await database.execute(sql`
    create constraint trigger in_order after insert on audit_records
    deferrable initially deferred for each row execute function number_commit()`);
}

/** Those after the given number, in their order. */
export async function committedSince(database: Database, number: number): Promise<readonly Committed[]> {
  const rows = await database.execute<{ number: string; action: AuditAction; entity_id: string }>(sql`
    select o.number, r.action, r.entity_id from commit_order o join audit_records r on r.id = o.record
    where o.number > ${number} order by o.number`);
  return rows.map((row) => ({ number: Number(row.number), action: row.action, entityId: row.entity_id }));
}
