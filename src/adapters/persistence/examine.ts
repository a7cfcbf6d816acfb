import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Database } from './database.ts';
import { translated } from './failures.ts';

export interface ExaminedDatabase {
  /** As `server_version_num` has it: 150018. */
  readonly version: number;
  readonly encoding: string;
  /** It takes no writes. */
  readonly standby: boolean;
  /** It gives up by itself on a statement that takes too long. */
  readonly limitsStatements: boolean;
  /** How far the database's clock is ahead of `now`. */
  readonly clockAheadMs: number;
}

/** What a server says of itself. */
export async function examineDatabase(database: Database, now: () => Date): Promise<ExaminedDatabase> {
  // A connection takes longer to make than a clock to read.
  await database.execute(sql`select 1`);
  const asked = now().getTime();
  const [found] = await database.execute<Omit<ExaminedDatabase, 'clockAheadMs'> & { readonly clock: string }>(sql`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as standby, current_setting('statement_timeout') <> '0' as "limitsStatements",
      (extract(epoch from clock_timestamp()) * 1000)::text as clock
  `);
  if (found === undefined) throw new Error('the database answers nothing');
  const { clock, ...rest } = found;
  const midway = (asked + now().getTime()) / 2;
  return { ...rest, clockAheadMs: Math.round(Number(clock) - midway) };
}

export interface ExaminedPooling {
  /** Two connections share a session: something between hands sessions out by transaction. */
  readonly byTransaction: boolean;
  /** Whether a statement that was named on a connection is found there again. */
  readonly keepsStatements: boolean;
}

/** Enough for a pooler that hands its sessions out in turn. */
const ROUNDS = 10;

/** What stands between here and the server, seen from two connections that take turns. */
export async function examinePooling(config: pg.ClientConfig): Promise<ExaminedPooling> {
  const pair = [new pg.Client(config), new pg.Client(config)] as const;
  try {
    for (const client of pair) {
      client.on('error', () => {});
      await translated(client.connect());
    }
    return { byTransaction: await shareSessions(pair), keepsStatements: await keepStatements(pair) };
  } finally {
    await Promise.all(pair.map((client) => client.end()));
  }
}

async function shareSessions(pair: readonly pg.Client[]): Promise<boolean> {
  const sessions = pair.map(() => new Set<number>());
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, client] of pair.entries()) {
      const { rows } = await translated(client.query<{ pid: number }>('select pg_backend_pid() as pid'));
      sessions[index]?.add(rows[0]?.pid ?? 0);
    }
  }
  const [one = new Set(), other = new Set()] = sessions;
  return [...one].some((pid) => other.has(pid));
}

async function keepStatements(pair: readonly pg.Client[]): Promise<boolean> {
  const name = `castellan_doctor_${randomBytes(6).toString('hex')}`;
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const client of pair) await client.query({ name, text: 'select 1' });
    }
    return true;
  } catch (error) {
    // There already, or gone.
    if (error instanceof pg.DatabaseError) return false;
    throw error;
  } finally {
    for (const client of pair) await client.query(`deallocate ${name}`).catch(() => {});
  }
}
