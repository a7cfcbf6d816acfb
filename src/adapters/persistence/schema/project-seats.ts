import { foreignKey, integer, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import { projects } from './projects.ts';

/** One counter a project. */
export const projectSeats = pgTable(
  'project_seats',
  { projectId: uuid('project_id').$type<ProjectId>().notNull(), taken: integer('taken').notNull() },
  (t) => [
    primaryKey({ name: 'project_seats_pk', columns: [t.projectId] }),
    foreignKey({ name: 'project_seats_project_fk', columns: [t.projectId], foreignColumns: [projects.id] }).onDelete(
      'cascade',
    ),
  ],
);
