import type { AuthProviderState, ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';

export interface AuthProviderDirectory {
  byId(projectId: ProjectId, id: ProviderId): Promise<AuthProviderState | undefined>;
  /** By id. */
  ofProject(projectId: ProjectId): Promise<readonly AuthProviderState[]>;
}
