import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { ProviderLinkState } from '../../domain/user/provider-link.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface LinkedProvider extends ProviderLinkState {
  readonly providerType: AuthProviderState['type'];
}

export interface ProviderLinkDirectory {
  /** Oldest first. */
  ofUser(projectId: ProjectId, userId: UserId): Promise<readonly LinkedProvider[]>;
}
