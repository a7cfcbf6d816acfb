import { and, eq, isNotNull, isNull, or } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { users } from '../schema/index.ts';

/** Whoever holds the address: the condition of the unique index, so that it is the index that answers. */
export const holdsAddress = and(
  eq(users.projectId, given.value('projectId')),
  eq(users.email, given.value('email')),
  or(isNull(users.deletedAt), isNotNull(users.emailVerifiedAt)),
);

export function userQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'user_by_id',
    drizzle
      .select()
      .from(users)
      .where(and(eq(users.projectId, given.value('projectId')), eq(users.id, given.value('id')))),
  );
  const byEmail = database.prepared('user_by_email', drizzle.select().from(users).where(holdsAddress));
  return {
    byId: (projectId: ProjectId, id: UserId) => byId.one({ projectId, id }),
    byEmail: (projectId: ProjectId, email: EmailAddress) => byEmail.one({ projectId, email }),
  };
}
