import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { SealedSecret } from '../../domain/session/sealed-secret.ts';
import type { KeptSecret, SealedKind, SealedSecrets, SealedStretch, SecretPlace } from '../../ports/sealed-secrets.ts';
import type { Database } from './database.ts';
import { parsedJson } from './queries/json.ts';
import { authProviders, signingKeys, totpFactors, webhookEndpoints } from './schema/index.ts';

interface Shelf {
  readonly table: PgTable & { readonly projectId: PgColumn; readonly version: PgColumn };
  /** With the project it names one row. */
  readonly id: PgColumn;
  readonly idType: SQL;
  readonly sealed: PgColumn;
}

const NAME = sql`text collate "C"`;
const UUID = sql`uuid`;

const SHELVES = {
  'signing-key': { table: signingKeys, id: signingKeys.kid, idType: NAME, sealed: signingKeys.sealedPrivateJwk },
  'provider-secret': { table: authProviders, id: authProviders.id, idType: NAME, sealed: authProviders.clientSecret },
  'totp-secret': { table: totpFactors, id: totpFactors.userId, idType: UUID, sealed: totpFactors.secret },
  'pending-totp-secret': {
    table: totpFactors,
    id: totpFactors.userId,
    idType: UUID,
    sealed: totpFactors.pendingSecret,
  },
  'webhook-secret': { table: webhookEndpoints, id: webhookEndpoints.id, idType: UUID, sealed: webhookEndpoints.secret },
  'previous-webhook-secret': {
    table: webhookEndpoints,
    id: webhookEndpoints.id,
    idType: UUID,
    sealed: webhookEndpoints.previousSecret,
  },
} as const satisfies Record<SealedKind, Shelf>;

/** Rows that are looked at in one statement. */
const STRETCH = 5_000;

export function sealedSecrets(database: Database): SealedSecrets {
  return {
    async count(kind) {
      const { table, sealed } = SHELVES[kind];
      const rows = await database.execute<{ key: string; count: string | number }>(sql`
        select ${keyOf(sealed)} as "key", count(*) as "count" from ${table} where ${sealed} is not null group by 1
      `);
      return new Map(rows.map(({ key, count }) => [key, Number(count)]));
    },
    notUnder: (key, kind, after, limit) => notUnder(database, SHELVES[kind], key, after, limit),
    replace: (kind, boxes) => replace(database, SHELVES[kind], boxes),
  };
}

async function notUnder(
  database: Database,
  { table, id, idType, sealed }: Shelf,
  key: string,
  after: SecretPlace | undefined,
  limit: number,
): Promise<SealedStretch> {
  const beyond = after && sql`where (${table.projectId}, ${id}) > (${after.projectId}::uuid, ${after.id}::${idType})`;
  const [walked] = await database.execute<{ looked: number; end: unknown; secrets: unknown }>(sql`
    with stretch as materialized (
      select ${table.projectId} as "projectId", ${id} as "id", ${sealed} as "sealed" from ${table} ${beyond}
      order by ${table.projectId}, ${id} limit ${STRETCH}
    ), others as (
      select * from stretch where ${keyOf(sql`"sealed"`)} <> ${key} order by "projectId", "id" limit ${limit}
    ), "end" as (
      select "projectId", "id" from stretch order by "projectId" desc, "id" desc limit 1
    )
    select (select count(*)::integer from stretch) as "looked", (select row_to_json("end") from "end") as "end",
      (select json_agg(others order by others."projectId", others."id") from others) as "secrets"
  `);
  const secrets = parsedJson<readonly KeptSecret[] | null>(walked?.secrets) ?? [];
  if (secrets.length === limit) return { secrets, last: secrets.at(-1) };
  const more = walked?.looked === STRETCH;
  return { secrets, last: more ? parsedJson<SecretPlace>(walked.end) : undefined };
}

/** Row by row and in one order, past whatever is locked: nobody is waited for, and nobody waits in a ring. */
async function replace(
  database: Database,
  { table, id, idType, sealed }: Shelf,
  boxes: readonly { readonly kept: KeptSecret; readonly by: SealedSecret }[],
): Promise<number> {
  const given = boxes.map(({ kept: { projectId, id, sealed }, by }) => ({ projectId, id, sealed, by }));
  const replaced = await database.execute(sql`
    with given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given(
        "projectId" uuid, "id" ${idType}, "sealed" text, "by" text
      )
    ), mine as materialized (
      select given.* from given
      join ${table} on ${table.projectId} = given."projectId" and ${id} = given."id" and ${sealed} = given."sealed"
      order by given."projectId", given."id" for update of ${table} skip locked
    )
    update ${table} set ${sql.identifier(sealed.name)} = mine."by", version = ${table.version} + 1 from mine
    where ${table.projectId} = mine."projectId" and ${id} = mine."id" returning 1
  `);
  return replaced.length;
}

/** As `sealedUnder` says it. */
function keyOf(sealed: PgColumn | SQL): SQL {
  return sql`split_part(${sealed}, '.', 2)`;
}
