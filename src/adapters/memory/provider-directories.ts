import type { Ports } from '../../ports/ports.ts';
import { linksOfUser } from './links-of-user.ts';
import { type MemoryStore, scoped } from './store.ts';

/** Providers, and who is linked to them. */
export function providerDirectories(
  store: MemoryStore,
): Pick<Ports, 'authProviderDirectory' | 'providerLinkDirectory'> {
  const { authProviders } = store;
  return {
    authProviderDirectory: {
      byId: async (projectId, id) => authProviders.get(scoped(projectId, id)),
      ofProject: async (projectId) =>
        authProviders.ofGroup('project', projectId).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    },
    providerLinkDirectory: {
      ofUser: async (projectId, userId) =>
        linksOfUser(store, projectId, userId).flatMap((link) => {
          const provider = authProviders.get(scoped(projectId, link.providerId));
          return provider ? [{ ...link, providerType: provider.type }] : [];
        }),
    },
  };
}
