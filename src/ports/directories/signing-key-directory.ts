import type { ProjectId } from '../../domain/project/project.ts';
import type { SigningKeyState } from '../../domain/project/signing-key.ts';

export interface SigningKeyDirectory {
  /** Every key that is not retired, oldest first. */
  ofProject(projectId: ProjectId): Promise<readonly SigningKeyState[]>;
  /** At most `limit` projects whose current key has signed since `since` or longer, the longest first. */
  due(since: Date, limit: number): Promise<readonly ProjectId[]>;
}
