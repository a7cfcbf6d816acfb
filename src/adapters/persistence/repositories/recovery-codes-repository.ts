import type { RecoveryCodesRepository } from '../../../ports/repositories/recovery-codes-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { RECOVERY_CODES } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function recoveryCodesRepository(queries: Queries['secrets'], changes: ChangeSet): RecoveryCodesRepository {
  return {
    ofUser: async (projectId, userId) =>
      changes.rehydrated(RECOVERY_CODES, await queries.recoveryCodesOfUser(projectId, userId)),
    save: (codes) => changes.save(RECOVERY_CODES, codes),
  };
}
