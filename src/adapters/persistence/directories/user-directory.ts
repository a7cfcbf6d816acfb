import type { UserDirectory } from '../../../ports/directories/user-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny, stateOf } from '../rows.ts';

export function userDirectory(queries: Queries['users']): UserDirectory {
  return {
    byId: async (projectId, id) => stateIfAny(await queries.byId(projectId, id)),
    byEmail: async (projectId, email) => stateIfAny(await queries.byEmail(projectId, email)),
    holdersOf: async (projectId, tenantId, slugs) =>
      (await queries.holdersOf(projectId, tenantId, slugs)).map((row) => stateOf(row)),
    ownersOver: async (projectId, userId) => (await queries.ownersOver(projectId, userId)).map((row) => stateOf(row)),
  };
}
