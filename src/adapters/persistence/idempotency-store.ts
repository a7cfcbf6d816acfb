import { and, eq, type SQL, sql } from 'drizzle-orm';
import {
  IDEMPOTENCY_CLAIM_SECONDS,
  IDEMPOTENCY_LIFE_SECONDS,
  type IdempotencyClaim,
  type IdempotencyStore,
} from '../../ports/idempotency-store.ts';
import { type Database, given } from './database.ts';
import { idempotencyKeys as keys } from './schema/index.ts';

export function isForgotten(now: SQL): SQL {
  const lifeSeconds = sql`case when ${keys.settled} then ${IDEMPOTENCY_LIFE_SECONDS}::integer else ${IDEMPOTENCY_CLAIM_SECONDS}::integer end`;
  return sql`${keys.claimedAt} <= ${now} - make_interval(secs => ${lifeSeconds})`;
}

export function idempotencyStore(database: Database): IdempotencyStore {
  const { drizzle } = database;
  const { scope, key, fingerprint } = {
    scope: given.value('scope'),
    key: given.value('key'),
    fingerprint: given.value('fingerprint'),
  };
  const thisOne = and(eq(keys.scope, scope), eq(keys.key, key));
  const now = given.moment('now');

  const take = database.prepared(
    'idempotency_take',
    drizzle
      .insert(keys)
      .values({ scope, key, fingerprint, claimedAt: now, settled: false })
      .onConflictDoUpdate({
        target: [keys.scope, keys.key],
        set: { fingerprint: sql`excluded.fingerprint`, claimedAt: now, settled: false, answer: null },
        setWhere: isForgotten(now),
      })
      .returning({ scope: keys.scope }),
  );
  const look = database.prepared('idempotency_look', drizzle.select().from(keys).where(thisOne));
  const settle = database.command(
    'idempotency_settle',
    drizzle
      .update(keys)
      .set({ settled: true, answer: sql`${given.value('answer')}::jsonb` })
      .where(thisOne),
  );
  const release = database.command('idempotency_release', drizzle.delete(keys).where(thisOne));

  const claim: IdempotencyStore['claim'] = async (scope, key, fingerprint, now): Promise<IdempotencyClaim> => {
    if (await take.one({ scope, key, fingerprint, now })) return { kind: 'new' };
    const holder = await look.one({ scope, key });
    // Released between the two statements.
    if (!holder) return claim(scope, key, fingerprint, now);
    if (holder.fingerprint !== fingerprint) return { kind: 'reused' };
    return holder.settled ? { kind: 'done', answer: holder.answer ?? undefined } : { kind: 'running' };
  };

  return {
    claim,
    settle: (scope, key, answer) => settle({ scope, key, answer: answer ? JSON.stringify(answer) : null }),
    release: (scope, key) => release({ scope, key }),
  };
}
