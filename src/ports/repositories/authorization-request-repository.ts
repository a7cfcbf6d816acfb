import type { ProjectId } from '../../domain/project/project.ts';
import type { AuthorizationRequest } from '../../domain/session/authorization-request.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';

export interface AuthorizationRequestRepository {
  byDigest(projectId: ProjectId, digests: readonly SecretDigest[]): Promise<AuthorizationRequest | undefined>;
  save(request: AuthorizationRequest): void;
  /** Gone with this commit, or the commit fails: of N spenders one succeeds. */
  spend(request: AuthorizationRequest): void;
}
