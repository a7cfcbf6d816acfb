import { isExact } from '../../../domain/role/permission.ts';
import type { PermissionModuleRepository } from '../../../ports/repositories/permission-module-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { moduleUse } from '../commit/role-changes.ts';
import { PERMISSION_MODULE } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function permissionModuleRepository(
  queries: Queries['permissionModules'],
  changes: ChangeSet,
): PermissionModuleRepository {
  return {
    ofProject: async (projectId) =>
      (await queries.ofProject(projectId)).map((row) => changes.rehydrated(PERMISSION_MODULE, row)),
    byName: async (projectId, name) => changes.rehydrated(PERMISSION_MODULE, await queries.byName(projectId, name)),
    save: (module) => changes.save(PERMISSION_MODULE, module),
    use: (module, names) => changes.add(moduleUse(module.toState(), names.filter(isExact))),
    remove: (module) => changes.remove(module),
  };
}
