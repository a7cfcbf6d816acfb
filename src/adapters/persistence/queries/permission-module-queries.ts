import { and, asc, eq } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import { type Database, given } from '../database.ts';
import { permissionModules } from '../schema/index.ts';

export function permissionModuleQueries(database: Database) {
  const { drizzle } = database;
  const ofThisProject = eq(permissionModules.projectId, given.value('projectId'));
  const ofProject = database.prepared(
    'permission_modules_of_project',
    drizzle.select().from(permissionModules).where(ofThisProject).orderBy(asc(permissionModules.name)),
  );
  const byName = database.prepared(
    'permission_module_by_name',
    drizzle
      .select()
      .from(permissionModules)
      .where(and(ofThisProject, eq(permissionModules.name, given.value('name')))),
  );
  return {
    /** By name. */
    ofProject: (projectId: ProjectId) => ofProject.all({ projectId }),
    byName: (projectId: ProjectId, name: string) => byName.one({ projectId, name }),
  };
}
