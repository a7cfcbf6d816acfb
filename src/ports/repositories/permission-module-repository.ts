import type { ProjectId } from '../../domain/project/project.ts';
import type { Permission } from '../../domain/role/permission.ts';
import type { PermissionModule } from '../../domain/role/permission-module.ts';

export interface PermissionModuleRepository {
  /** By name. */
  ofProject(projectId: ProjectId): Promise<readonly PermissionModule[]>;
  byName(projectId: ProjectId, name: string): Promise<PermissionModule | undefined>;
  /** The name is unique in the project: a second one loses with `conflict`. */
  save(module: PermissionModule): void;
  /**
   * A role is to hold these names: the commit MUST fail like a lost race when the module does not register all of them
   * by then. Any number may use a module at once; whoever saves or removes it as it was before that loses.
   */
  use(module: PermissionModule, names: readonly Permission[]): void;
  remove(module: PermissionModule): void;
}
