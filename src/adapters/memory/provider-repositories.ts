import { AuthProvider } from '../../domain/project/auth-provider.ts';
import { AuthorizationRequest } from '../../domain/session/authorization-request.ts';
import { ProviderLink } from '../../domain/user/provider-link.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { removeProvider } from './cascades.ts';
import type { CollectedChanges } from './collected-changes.ts';
import { linksOfUser } from './links-of-user.ts';
import { type MemoryStore, scoped } from './store.ts';

/** The repositories of providers, of who is linked to them, and of who is on the way there. */
export function providerRepositories(
  store: MemoryStore,
  changes: CollectedChanges,
): Pick<Repositories, 'authProviders' | 'providerLinks' | 'authorizationRequests'> {
  const { authProviders, providerLinks, authorizationRequests } = store;
  return {
    authProviders: {
      byId: async (projectId, id) => changes.read(authProviders, scoped(projectId, id), AuthProvider.rehydrate),
      save: (provider) => changes.save(authProviders, provider),
      remove: (provider) => changes.remove(provider, (commit, key) => removeProvider(store, commit, key)),
    },
    providerLinks: {
      byIdentity: async (projectId, providerId, externalId) => {
        const key = providerLinks.keyByUnique('identity', scoped(projectId, providerId, externalId));
        return changes.read(providerLinks, key, ProviderLink.rehydrate);
      },
      ofUser: async (projectId, userId) =>
        linksOfUser(store, projectId, userId).flatMap(
          (link) => changes.read(providerLinks, providerLinks.keyOf(link), ProviderLink.rehydrate) ?? [],
        ),
      save: (link) => changes.save(providerLinks, link),
      remove: (link) => changes.remove(link, (commit, key) => commit.delete(providerLinks, key)),
      discardAll: (projectId, userId) =>
        changes.change((commit) => {
          const theirs = providerLinks.keysOfGroup('user', scoped(projectId, userId));
          for (const key of theirs) commit.delete(providerLinks, key);
        }),
    },
    authorizationRequests: {
      byDigest: async (projectId, digests) => {
        const keys = digests.flatMap(
          (digest) => authorizationRequests.keyByUnique('digest', scoped(projectId, digest)) ?? [],
        );
        return changes.read(authorizationRequests, keys[0], AuthorizationRequest.rehydrate);
      },
      save: (request) => changes.save(authorizationRequests, request),
      spend: (request) => changes.remove(request, (commit, key) => commit.delete(authorizationRequests, key)),
    },
  };
}
