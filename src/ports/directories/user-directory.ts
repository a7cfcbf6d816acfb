import type { ProjectId } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';

export interface UserDirectory {
  byId(projectId: ProjectId, id: UserId): Promise<UserState | undefined>;
  /** Whoever holds the address, as `UserRepository.byEmail`. */
  byEmail(projectId: ProjectId, email: EmailAddress): Promise<UserState | undefined>;
}
