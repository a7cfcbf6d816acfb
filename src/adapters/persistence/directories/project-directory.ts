import type { ProjectDirectory } from '../../../ports/directories/project-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny } from '../rows.ts';
import { pageOf } from './page-of.ts';

export function projectDirectory(queries: Queries['projects']): ProjectDirectory {
  return {
    byId: async (id) => stateIfAny(await queries.byId(id)),
    platform: async () => stateIfAny(await queries.platform()),
    page: async (request) => pageOf(await queries.page(request), request),
  };
}
