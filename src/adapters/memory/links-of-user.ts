import type { ProjectId } from '../../domain/project/project.ts';
import type { ProviderLinkState } from '../../domain/user/provider-link.ts';
import type { UserId } from '../../domain/user/user.ts';
import { type MemoryStore, scoped } from './store.ts';

/** Oldest first. */
export function linksOfUser(store: MemoryStore, projectId: ProjectId, userId: UserId): readonly ProviderLinkState[] {
  return store.providerLinks
    .ofGroup('user', scoped(projectId, userId))
    .toSorted((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime() || (a.id < b.id ? -1 : 1));
}
