import type { OneTimeTokenDirectory } from '../../../ports/directories/one-time-token-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';

export function oneTimeTokenDirectory(queries: Queries['secrets']): OneTimeTokenDirectory {
  return {
    byEmail: async (projectId, email, purpose) => {
      const row = await queries.tokenAndHolderByEmail(projectId, email, purpose);
      return row && { token: stateOf(row.token), user: stateOf(row.user) };
    },
    byDigest: async (projectId, purpose, digests) => {
      const row = await queries.tokenAndHolderByDigest(projectId, purpose, digests);
      return row && { token: stateOf(row.token), user: stateOf(row.user) };
    },
  };
}
