import type { SessionDirectory } from '../../../ports/directories/session-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { standingOf } from '../queries/standing.ts';
import { stateOf } from '../rows.ts';

export function sessionDirectory(queries: Queries['sessions']): SessionDirectory {
  return {
    standing: async (projectId, id) => {
      const row = await queries.standing(projectId, id);
      return row && standingOf(row);
    },
    aliveOfUser: async (projectId, userId, now) =>
      (await queries.aliveOfUser(projectId, userId, now)).map(({ session }) => stateOf(session)),
  };
}
