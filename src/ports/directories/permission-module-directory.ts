import type { ProjectId } from '../../domain/project/project.ts';
import type { PermissionModuleState } from '../../domain/role/permission-module.ts';

export interface PermissionModuleDirectory {
  /** By name. */
  ofProject(projectId: ProjectId): Promise<readonly PermissionModuleState[]>;
}
