import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';

export interface UserDirectory {
  byId(projectId: ProjectId, id: UserId): Promise<UserState | undefined>;
  /** Whoever holds the address, as `UserRepository.byEmail`. */
  byEmail(projectId: ProjectId, email: EmailAddress): Promise<UserState | undefined>;
  /** Members of a tenant who hold one of the roles, oldest first, at most 100. */
  holdersOf(projectId: ProjectId, tenantId: TenantId, slugs: readonly string[]): Promise<readonly UserState[]>;
  /** The owners of every tenant that the person belongs to, oldest first, each once, at most 100. */
  ownersOver(projectId: ProjectId, userId: UserId): Promise<readonly UserState[]>;
}
