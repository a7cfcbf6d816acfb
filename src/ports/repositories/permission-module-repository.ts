import type { ProjectId } from '../../domain/project/project.ts';
import type { PermissionModule } from '../../domain/role/permission-module.ts';

export interface PermissionModuleRepository {
  /** By name. */
  ofProject(projectId: ProjectId): Promise<readonly PermissionModule[]>;
  byName(projectId: ProjectId, name: string): Promise<PermissionModule | undefined>;
  /** The name is unique in the project: a second one loses with `conflict`. */
  save(module: PermissionModule): void;
  remove(module: PermissionModule): void;
}
