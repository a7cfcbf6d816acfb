import type { RefreshTokenRepository } from '../../../ports/repositories/refresh-token-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { sessionsEnded } from '../commit/session-changes.ts';
import { REFRESH_TOKEN } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';
import { standingOf } from '../queries/standing.ts';

export function refreshTokenRepository(queries: Queries['sessions'], changes: ChangeSet): RefreshTokenRepository {
  return {
    byId: async (projectId, id) => changes.rehydrated(REFRESH_TOKEN, await queries.byId(projectId, id)),
    withStanding: async (projectId, id) => {
      const row = await queries.standing(projectId, id);
      return row && { session: changes.rehydrated(REFRESH_TOKEN, row.session), standing: standingOf(row) };
    },
    inPlaceOf: async (projectId, userId) =>
      (await queries.inPlaceOf(projectId, userId)).map((row) => changes.rehydrated(REFRESH_TOKEN, row)),
    remove: (session) => changes.remove(session),
    save: (session) => changes.save(REFRESH_TOKEN, session),
    endAll: (projectId, tenantId, userId, now) => changes.add(sessionsEnded(projectId, tenantId, userId, now)),
  };
}
