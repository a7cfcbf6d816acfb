import type { ProjectRepository } from '../../../ports/repositories/project-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { PROJECT } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function projectRepository(queries: Queries['projects'], changes: ChangeSet): ProjectRepository {
  return {
    byId: async (id) => changes.rehydrated(PROJECT, await queries.byId(id)),
    platform: async () => changes.rehydrated(PROJECT, await queries.platform()),
    save: (project) => changes.save(PROJECT, project),
  };
}
