import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import { RegisteredPermissions } from '../roles/registered-permissions.ts';
import { type MemberView, memberView } from './member-view.ts';
import { type PermissionSummary, permissionSummary } from './permission-summary.ts';

export type MemberWithSummary = MemberView & { readonly permissionSummary: PermissionSummary };

type MemberReaderDeps = Pick<Ports, 'memberDirectory' | 'roleDirectory' | 'permissionModuleDirectory'>;

/** A person of a tenant as one resource, also one who was removed. */
export class MemberReader {
  readonly #deps: MemberReaderDeps;
  constructor(deps: MemberReaderDeps) {
    this.#deps = deps;
  }

  async find(projectId: ProjectId, tenantId: TenantId, userId: UserId): Promise<MemberWithSummary | undefined> {
    const { memberDirectory, roleDirectory, permissionModuleDirectory } = this.#deps;
    const [member, held, modules] = await Promise.all([
      memberDirectory.byId(projectId, tenantId, userId),
      roleDirectory.permissionsOf(projectId, tenantId, userId),
      permissionModuleDirectory.ofProject(projectId),
    ]);
    if (member === undefined) return undefined;
    const permissions = new RegisteredPermissions(modules).expand(held?.permissions ?? []);
    return { ...memberView(member), permissionSummary: permissionSummary(permissions) };
  }
}
