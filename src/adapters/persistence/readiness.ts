import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Readiness } from '../../ports/readiness.ts';
import type { Database } from './database.ts';
import { missingMigrations } from './migrations.ts';

const DEADLINE_MS = 1000;

export function databaseReadiness(database: Database): Readiness {
  return {
    async check() {
      const deadline = new AbortController();
      const tooLate = pause(DEADLINE_MS, false, { signal: deadline.signal }).catch(() => false);
      const inTime = (answer: Promise<boolean>) => Promise.race([answer.catch(() => false), tooLate]);
      const answers = database.execute(sql`select 1`).then(() => true);
      const isMigrated = missingMigrations(database).then((missing) => missing.length === 0);
      const [database_, migrations] = await Promise.all([inTime(answers), inTime(isMigrated)]);
      deadline.abort();
      return { database: database_ ? 'ok' : 'failing', migrations: migrations ? 'ok' : 'failing' };
    },
  };
}
