import type { AuthProviderDirectory } from '../../../ports/directories/auth-provider-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny, stateOf } from '../rows.ts';

export function authProviderDirectory(queries: Queries['providers']): AuthProviderDirectory {
  return {
    byId: async (projectId, id) => stateIfAny(await queries.byId(projectId, id)),
    ofProject: async (projectId) => (await queries.ofProject(projectId)).map(stateOf),
  };
}
