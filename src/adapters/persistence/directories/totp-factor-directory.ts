import type { TotpFactorDirectory } from '../../../ports/directories/totp-factor-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny } from '../rows.ts';

export function totpFactorDirectory(queries: Queries['secrets']): TotpFactorDirectory {
  return {
    ofUser: async (projectId, userId) => stateIfAny(await queries.totpFactorOfUser(projectId, userId)),
  };
}
