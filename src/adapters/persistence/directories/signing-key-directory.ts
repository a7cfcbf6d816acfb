import type { SigningKeyDirectory } from '../../../ports/directories/signing-key-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';

export function signingKeyDirectory(queries: Queries['signingKeys']): SigningKeyDirectory {
  return {
    ofProject: async (projectId) => (await queries.ofProject(projectId)).map(stateOf),
    due: async (since, limit) => (await queries.due(since, limit)).map(({ projectId }) => projectId),
  };
}
