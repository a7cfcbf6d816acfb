import type { TotpFactorDirectory } from '../../../ports/directories/totp-factor-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';

export function totpFactorDirectory(queries: Queries['secrets']): TotpFactorDirectory {
  return {
    ofUser: async (projectId, userId) => {
      const row = await queries.totpFactorOfUser(projectId, userId);
      return row && { state: stateOf(row), version: row.version };
    },
  };
}
