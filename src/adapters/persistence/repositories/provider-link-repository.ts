import type { ProviderLinkRepository } from '../../../ports/repositories/provider-link-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { PROVIDER_LINK } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';
import { LINKED_IDENTITY, PROVIDER_OF_USER } from '../schema/provider-links.ts';

export function providerLinkRepository(queries: Queries['providers'], changes: ChangeSet): ProviderLinkRepository {
  return {
    byIdentity: async (projectId, providerId, externalId) =>
      changes.rehydrated(PROVIDER_LINK, await queries.linkByIdentity(projectId, providerId, externalId)),
    ofUser: async (projectId, userId) =>
      (await queries.linksOfUser(projectId, userId)).map(({ link }) => changes.rehydrated(PROVIDER_LINK, link)),
    save: (link) => {
      changes.save(PROVIDER_LINK, link);
      for (const constraint of [LINKED_IDENTITY, PROVIDER_OF_USER]) {
        changes.answerWith('provider-already-linked', constraint);
      }
    },
    remove: (link) => changes.remove(link),
    discardAll: (projectId, userId) => changes.discardAll(PROVIDER_LINK, { projectId, userId }),
  };
}
