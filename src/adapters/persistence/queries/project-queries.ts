import { desc, eq, lt, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import { type Database, given } from '../database.ts';
import { projectSeats, projects } from '../schema/index.ts';

export function projectQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'project_by_id',
    drizzle
      .select()
      .from(projects)
      .where(eq(projects.id, given.value('id'))),
  );
  const platform = database.prepared(
    'project_platform',
    drizzle.select().from(projects).where(sql`${projects.platform}`),
  );
  const seats = database.prepared(
    'project_seats',
    drizzle
      .select({ taken: projectSeats.taken })
      .from(projectSeats)
      .where(eq(projectSeats.projectId, given.value('projectId'))),
  );
  return {
    byId: (id: ProjectId) => byId.one({ id }),
    platform: () => platform.one({}),
    seatsTaken: async (projectId: ProjectId) => (await seats.one({ projectId }))?.taken ?? 0,
    /** One more than the page holds, to tell whether there is more. */
    page: ({ after, limit }: PageRequest<ProjectId>) =>
      database.rows(
        drizzle
          .select()
          .from(projects)
          .where(after && lt(projects.id, after))
          .orderBy(desc(projects.id))
          .limit(limit + 1),
      ),
  };
}
