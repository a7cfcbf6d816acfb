import type { RecoveryCodesDirectory } from '../../../ports/directories/recovery-codes-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny, stateOf } from '../rows.ts';

export function recoveryCodesDirectory(queries: Queries['secrets']): RecoveryCodesDirectory {
  return {
    ofUser: async (projectId, userId) => stateIfAny(await queries.recoveryCodesOfUser(projectId, userId)),
    byEmail: async (projectId, email) => {
      const row = await queries.recoveryCodesByEmail(projectId, email);
      return row && { user: stateOf(row.user), codes: stateIfAny(row.codes ?? undefined) };
    },
  };
}
