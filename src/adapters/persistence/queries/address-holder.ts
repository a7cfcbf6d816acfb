import { and, eq, gte, isNotNull, isNull, min, or, type SQL, sql } from 'drizzle-orm';
import { QueryBuilder } from 'drizzle-orm/pg-core';
import { given } from '../database.ts';
import { users } from '../schema/index.ts';

const address = given.value('email');

/**
 * Somebody who holds an address: the condition of the unique index, so that it is the index that answers. Without a parameter of its own, or each look
 * would be planned anew: no plan for any status may use that index.
 */
export const holdsOne = and(
  eq(users.projectId, given.value('projectId')),
  isNotNull(users.email),
  sql`${users.status} <> 'invited'`,
  or(isNull(users.deletedAt), isNotNull(users.emailVerifiedAt)),
);

/** Whoever holds the address. */
export const holdsAddress = and(holdsOne, eq(users.email, address));

/**
 * Whoever holds the address and, where nobody does, the holder of the next one, or of the first after the last:
 * whether anybody has it is not to be told from how much is read (ASVS 6.3.8). Whoever reads it MUST compare.
 */
export const holdsAddressOrNext = and(
  holdsOne,
  eq(users.email, sql`coalesce(${first(gte(users.email, address))}, ${first()})`),
);

function first(from?: SQL): SQL {
  const addresses = new QueryBuilder().select({ first: min(users.email) }).from(users);
  return sql`(${addresses.where(and(holdsOne, from))})`;
}
