import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { ProviderLink } from '../../domain/user/provider-link.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface ProviderLinkRepository {
  byIdentity(projectId: ProjectId, providerId: ProviderId, externalId: string): Promise<ProviderLink | undefined>;
  ofUser(projectId: ProjectId, userId: UserId): Promise<readonly ProviderLink[]>;
  /** An identity that is taken, or a user who has one of this provider, fails with `provider-already-linked`. */
  save(link: ProviderLink): void;
  remove(link: ProviderLink): void;
  /** Whatever the user has is gone. */
  discardAll(projectId: ProjectId, userId: UserId): void;
}
