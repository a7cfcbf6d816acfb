import { and, asc, eq, lte, ne, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import { type Database, given } from '../database.ts';
import { signingKeys } from '../schema/index.ts';

export function signingKeyQueries(database: Database) {
  const ofProject = database.prepared(
    'signing_keys_of_project',
    database.drizzle
      .select()
      .from(signingKeys)
      .where(and(eq(signingKeys.projectId, given.value('projectId')), ne(signingKeys.stage, 'retired')))
      .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid)),
  );
  const due = database.prepared(
    'signing_keys_due',
    database.drizzle
      .select({ projectId: signingKeys.projectId })
      .from(signingKeys)
      // A literal, as the index has it: of a parameter the planner cannot know that it is the same.
      .where(and(sql`${signingKeys.stage} = 'current'`, lte(signingKeys.activatedAt, given.moment('since'))))
      .orderBy(asc(signingKeys.activatedAt))
      .limit(given.value('limit')),
  );
  return {
    /** Every key that is not retired, oldest first. */
    ofProject: (projectId: ProjectId) => ofProject.all({ projectId }),
    due: (since: Date, limit: number) => due.all({ since, limit }),
  };
}
