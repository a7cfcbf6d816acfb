import type { ApiKey, ApiKeyId } from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';

export interface ApiKeyRepository {
  byId(projectId: ProjectId, id: ApiKeyId): Promise<ApiKey | undefined>;
  save(key: ApiKey): void;
}
