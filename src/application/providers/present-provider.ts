import { IamError } from '../../domain/errors.ts';
import { type AuthProviderState, assertEnabled, type ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';

/**
 * The provider whose word is taken, in the commit that takes it: the commit fails like a lost race when it is switched
 * off or removed meanwhile. `since`: when it was there already, so that another one of the same name is not it.
 * @throws IamError `not-found`
 */
export async function presentProvider(
  { authProviders, requireUnchanged }: Pick<Repositories, 'authProviders' | 'requireUnchanged'>,
  { projectId, providerId, since }: { projectId: ProjectId; providerId: ProviderId; since: Date },
): Promise<AuthProviderState> {
  const provider = await authProviders.byId(projectId, providerId);
  const state = provider?.toState();
  assertEnabled(state);
  if (provider === undefined || state.createdAt > since) throw new IamError('not-found');
  requireUnchanged(provider);
  return state;
}

/** Of a provider that has been asked. */
export async function assertStillPresent(
  repositories: Pick<Repositories, 'authProviders' | 'requireUnchanged'>,
  { projectId, id, createdAt }: AuthProviderState,
): Promise<void> {
  await presentProvider(repositories, { projectId, providerId: id, since: createdAt });
}
