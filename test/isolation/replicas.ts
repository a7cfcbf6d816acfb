import { sql } from 'drizzle-orm';
import { type Database, openPostgres, persistencePorts } from '../../src/adapters/persistence/index.ts';
import type { UserActor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { V1World } from '../http/v1-world.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { actorOf, from } from '../support/an-iam.ts';
import { attested } from '../support/attested.ts';
import { beforeCommit } from '../support/before-commit.ts';
import { freshDatabase } from '../support/databases.ts';
import { aQuickWorldOn } from './quick-world.ts';

/** How often every race is run. */
export const ROUNDS = Number(process.env.TEST_ROUNDS ?? 8);
export const ROUNDS_TIMEOUT = { timeout: 10_000 + ROUNDS * 3_000 };

/** Two of the service over one database, each with connections of its own. */
export interface Replicas extends AsyncDisposable {
  readonly world: V1World;
  readonly database: Database;
  readonly ports: readonly [Ports, Ports];
  readonly iams: readonly [Iam, Iam];
  actor(token: string): Promise<UserActor>;
}

export async function twoReplicas(): Promise<Replicas> {
  const { url } = await freshDatabase(migratedTemplate);
  const connections = [openPostgres({ url }), openPostgres({ url })] as const;
  const [{ database }, second] = connections;
  const world = await aQuickWorldOn(database);
  const one = world.ports;
  const other = { ...one, ...persistencePorts(second.database, { idGenerator: one.idGenerator, attested }) };
  const visitor = { projectId: world.platform.id, dialect: 'v1', origin: from('192.0.2.1') } as const;
  return {
    world,
    database,
    ports: [one, other],
    iams: [world.iam, createIam(other)],
    actor: (token) => actorOf(world, visitor, token),
    [Symbol.asyncDispose]: async () => {
      for (const connection of connections) await connection.close();
    },
  };
}

/** Held up before every commit, for so many statements. */
export function heldUp({ ports: both, database }: Replicas, replica: 0 | 1, statements: number): Iam {
  const ports = both[replica];
  const unitOfWork = beforeCommit(ports.unitOfWork, async () => {
    for (let left = statements; left > 0; left -= 1) await database.execute(sql`select 1`);
  });
  return createIam({ ...ports, unitOfWork });
}

export async function countOf(database: Database, query: ReturnType<typeof sql>): Promise<number> {
  const [row] = await database.execute<{ readonly count: string }>(sql`select count(*) as count ${query}`);
  return Number(row?.count);
}

/** What became of attempts that were made at once. */
export async function settled<T>(attempts: readonly Promise<T>[]) {
  const outcomes = await Promise.allSettled(attempts);
  return {
    done: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    refusals: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [codeOf(outcome.reason)] : [])),
  };
}

export function codeOf(refusal: unknown): unknown {
  return typeof refusal === 'object' && refusal !== null && 'code' in refusal ? refusal.code : refusal;
}
