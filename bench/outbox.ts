import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const POLL_MS = 20;

/** Settles when the service has told the world of all that happened: no mail is on its way. */
export async function everythingTold(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    while ((await client.query('select 1 from outbox limit 1')).rowCount !== 0) await pause(POLL_MS);
  } finally {
    await client.end();
  }
}
