import type { ProjectState } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { TestIam } from './an-iam.ts';
import { aMembership, aTenant } from './builders.ts';

/** Another tenant, that the person is a member of. */
export async function aTenantFor(
  { clock, ports }: TestIam,
  { id: projectId }: Pick<ProjectState, 'id'>,
  userId: UserId,
): Promise<TenantId> {
  const now = clock.now();
  const { tenant, roles } = aTenant(now, { projectId });
  const members = roles.filter((role) => role.toState().slug === 'member');
  await ports.unitOfWork.run(async (repositories) => {
    repositories.tenants.save(tenant);
    for (const role of roles) repositories.roles.save(role);
    repositories.memberships.save(aMembership(now, { projectId, tenantId: tenant.id, userId }, members));
  });
  return tenant.id;
}
