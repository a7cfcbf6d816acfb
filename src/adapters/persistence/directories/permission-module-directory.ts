import type { PermissionModuleDirectory } from '../../../ports/directories/permission-module-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';

export function permissionModuleDirectory(queries: Queries['permissionModules']): PermissionModuleDirectory {
  return { ofProject: async (projectId) => (await queries.ofProject(projectId)).map(stateOf) };
}
