import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { isLockNotAvailable } from '../failures.ts';

/** The present month and two more: a service that cannot keep house for weeks still writes into the right month. */
const MONTHS = 3;
/** While it waits for somebody who reads the trail, whoever records waits behind it. */
const LOCK_TIMEOUT = '500ms';

/** Where the trail is held for long, another time. */
export async function makeAuditPartitions(database: Database, now: Date): Promise<void> {
  try {
    await database.execute(
      sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true),
        make_audit_partitions(${now.toISOString()}::timestamptz, ${MONTHS}::integer)`,
    );
  } catch (error) {
    if (!isLockNotAvailable(error)) throw error;
  }
}
