import type { ApiKeyId, ApiKeyState } from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { Page, PageRequest } from './page.ts';

export interface ApiKeyDirectory {
  /** Whatever its state: the caller asks whether it is live. */
  byDigest(projectId: ProjectId, digests: readonly SecretDigest[]): Promise<ApiKeyState | undefined>;
  /** How many keys that open something at `now` lie under which master key, as their digests say (`digestedUnder`). */
  countLive(now: Date): Promise<ReadonlyMap<string, number>>;
  page(projectId: ProjectId, request: PageRequest<ApiKeyId>): Promise<Page<ApiKeyState>>;
}
