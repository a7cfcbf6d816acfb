import type { ProviderLinkDirectory } from '../../../ports/directories/provider-link-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';

export function providerLinkDirectory(queries: Queries['providers']): ProviderLinkDirectory {
  return {
    ofUser: async (projectId, userId) =>
      (await queries.linksOfUser(projectId, userId)).map(({ link, providerType }) => ({
        ...stateOf(link),
        providerType,
      })),
  };
}
