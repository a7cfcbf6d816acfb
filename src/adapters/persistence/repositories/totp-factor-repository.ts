import type { TotpFactorRepository } from '../../../ports/repositories/totp-factor-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { TOTP_FACTOR } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';

export function totpFactorRepository(queries: Queries['secrets'], changes: ChangeSet): TotpFactorRepository {
  return {
    ofUser: async (projectId, userId) =>
      changes.rehydrated(TOTP_FACTOR, await queries.totpFactorOfUser(projectId, userId)),
    asSeen: ({ state, version }) => changes.rehydrated(TOTP_FACTOR, { ...state, version }),
    save: (factor) => changes.save(TOTP_FACTOR, factor),
    remove: (factor) => changes.remove(factor),
  };
}
