import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';

/** The present month and two more: a service that cannot keep house for weeks still writes into the right month. */
const MONTHS = 3;

export async function makeAuditPartitions(database: Database, now: Date): Promise<void> {
  await database.execute(sql`select make_audit_partitions(${now.toISOString()}::timestamptz, ${MONTHS}::integer)`);
}
