import type { ProjectId } from '../../domain/project/project.ts';
import type { SigningKey } from '../../domain/project/signing-key.ts';

export interface SigningKeyRepository {
  /** Every key that is not retired. */
  ofProject(projectId: ProjectId): Promise<readonly SigningKey[]>;
  save(key: SigningKey): void;
}
