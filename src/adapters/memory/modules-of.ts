import type { ProjectId } from '../../domain/project/project.ts';
import type { PermissionModuleState } from '../../domain/role/permission-module.ts';
import type { MemoryStore } from './store.ts';

/** By name. */
export function modulesOf(store: MemoryStore, projectId: ProjectId): readonly PermissionModuleState[] {
  return store.permissionModules.ofGroup('project', projectId).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
