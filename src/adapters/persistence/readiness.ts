import { setTimeout as pause } from 'node:timers/promises';
import type { Readiness } from '../../ports/readiness.ts';
import type { Database } from './database.ts';
import { missingMigrations } from './migrations.ts';

const DEADLINE_MS = 1000;

const NO_ANSWER = { database: 'failing', migrations: 'failing' } as const;

/** What is late is not asked again until it is here: it would pile up before what works. */
export function databaseReadiness(database: Database): Readiness {
  let looking: ReturnType<typeof look> | undefined;
  return {
    async check() {
      looking ??= look(database).finally(() => {
        looking = undefined;
      });
      const inTime = new AbortController();
      const tooLate = pause(DEADLINE_MS, NO_ANSWER, { signal: inTime.signal }).catch(() => NO_ANSWER);
      const answer = await Promise.race([looking, tooLate]);
      inTime.abort();
      return answer;
    },
  };
}

async function look(database: Database) {
  const missing = await missingMigrations(database).catch(() => undefined);
  if (missing === undefined) return NO_ANSWER;
  return { database: 'ok', migrations: missing.length === 0 ? 'ok' : 'failing' } as const;
}
