import { getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { stepAt } from '../../domain/user/totp-factor.ts';
import type { RestoreFence } from '../../ports/restore-fence.ts';
import type { Database } from './database.ts';
import { awaitsRecord } from './housekeeping/awaiting-record.ts';
import {
  authorizationRequests,
  eventHeads,
  eventStreams,
  invitations,
  oneTimeTokens,
  ownershipTransfers,
  recoveryCodes,
  roles,
  refreshTokens as sessions,
  signInChallenges,
  totpFactors,
} from './schema/index.ts';

/** Pages of a table in one statement: some ten thousand sessions. */
const STRIDE = 256;

/** More than anything ever changes between a backup and its restore. */
const AHEAD = 1_000_000;

/** What becomes of the rows in some pages of a table. */
interface Sweep {
  readonly table: PgTable;
  statement(inPages: SQL): SQL;
}

/** Every table is gone through once, by its pages: no index knows what is in them, and nothing is held for long. */
export function restoreFence(database: Database): RestoreFence {
  return {
    async *raise(now) {
      await raiseFloor(database);
      const sweeps: { readonly sweep: Sweep; readonly pages: number }[] = [];
      for (const sweep of sweepsAt(now)) sweeps.push({ sweep, pages: await pagesOf(database, sweep.table) });
      const of = sweeps.reduce((sum, { pages }) => sum + pages, 0);
      let done = 0;
      for (const { sweep, pages } of sweeps) {
        for (let page = 0; page < pages; page += STRIDE) {
          const inPages = sql`ctid >= ${`(${page},0)`}::tid and ctid < ${`(${page + STRIDE},0)`}::tid`;
          await database.execute(sweep.statement(inPages));
          yield { done: done + Math.min(page + STRIDE, pages), of };
        }
        done += pages;
      }
    },
  };
}

function sweepsAt(now: Date): readonly Sweep[] {
  const at = sql`${now.toISOString()}::timestamptz`;
  const step = stepAt(now) + 1;
  const voided = [oneTimeTokens, signInChallenges, authorizationRequests, recoveryCodes, ownershipTransfers];
  return [
    { table: sessions, statement: (rows) => sql`delete from ${sessions} where ${rows} and not ${awaitsRecord()}` },
    {
      table: sessions,
      statement: (rows) => sql`
        update ${sessions} set expires_at = least(${sessions.expiresAt}, ${at}), version = ${sessions.version} + 1
        where ${rows} and ${sessions.expiresAt} > ${at}`,
    },
    ...voided.map((table) => ({ table, statement: (rows: SQL) => sql`delete from ${table} where ${rows}` })),
    {
      table: invitations,
      statement: (rows) => sql`
        update ${invitations} set digest = null, version = ${invitations.version} + 1
        where ${rows} and ${invitations.digest} is not null`,
    },
    {
      table: totpFactors,
      statement: (rows) => sql`
        update ${totpFactors} set last_step = ${step}, version = ${totpFactors.version} + 1
        where ${rows} and ${totpFactors.secret} is not null and coalesce(${totpFactors.lastStep}, 0) < ${step}`,
    },
    {
      table: roles,
      statement: (rows) => sql`update ${roles} set version = ${roles.version} + ${AHEAD} where ${rows}`,
    },
    {
      table: eventStreams,
      statement: (rows) => sql`update ${eventStreams} set last = ${eventStreams.last} + ${AHEAD} where ${rows}`,
    },
  ];
}

/** Subjects that the backup does not know may have had events since, too. */
async function raiseFloor(database: Database): Promise<void> {
  await database.execute(sql`
    insert into ${eventHeads} as head ("name", "last") values ('floor', ${AHEAD})
    on conflict ("name") do update set "last" = head."last" + excluded."last"
  `);
}

async function pagesOf(database: Database, table: PgTable): Promise<number> {
  const [size] = await database.execute<{ pages: number }>(sql`
    select ceil(pg_relation_size(${getTableName(table)}::regclass) / current_setting('block_size')::numeric)::int as pages
  `);
  return size?.pages ?? 0;
}
