import type { AuthProvider, ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';

export interface AuthProviderRepository {
  byId(projectId: ProjectId, id: ProviderId): Promise<AuthProvider | undefined>;
  /** A new one whose id is taken fails with `conflict`. */
  save(provider: AuthProvider): void;
  /** The links of its people and whoever is on the way go with it. */
  remove(provider: AuthProvider): void;
}
