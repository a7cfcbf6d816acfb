import type { SigningKeyRepository } from '../../../ports/repositories/signing-key-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { SIGNING_KEY } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function signingKeyRepository(queries: Queries['signingKeys'], changes: ChangeSet): SigningKeyRepository {
  return {
    ofProject: async (projectId) =>
      (await queries.ofProject(projectId)).map((row) => changes.rehydrated(SIGNING_KEY, row)),
    save: (key) => changes.save(SIGNING_KEY, key),
  };
}
