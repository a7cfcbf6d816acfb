import type { TotpFactorState } from '../../../domain/user/totp-factor.ts';
import type { SeenTotpFactor, TotpFactorDirectory } from '../../../ports/directories/totp-factor-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { type Stored, stateOf } from '../rows.ts';

export function totpFactorDirectory(queries: Queries['secrets']): TotpFactorDirectory {
  return {
    ofUser: async (projectId, userId) => {
      const row = await queries.totpFactorOfUser(projectId, userId);
      return row && seen(row);
    },
    byEmail: async (projectId, email) => {
      const row = await queries.totpFactorByEmail(projectId, email);
      return row && { user: stateOf(row.user), factor: row.factor ? seen(row.factor) : undefined };
    },
  };
}

function seen(row: Stored<TotpFactorState>): SeenTotpFactor {
  return { state: stateOf(row), version: row.version };
}
