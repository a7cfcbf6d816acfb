import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { ExternalIdentity } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';
import { PROVIDER_METHODS } from '../mfa/methods.ts';
import type { Starter } from './linking.ts';
import { assertStillPresent } from './present-provider.ts';

/** Whether the account has no factor here: then a provider is who it is asked of again. */
export function reliesOnProviders(user: { readonly passwordHash: unknown; readonly totpEnabledAt: unknown }): boolean {
  return user.passwordHash === null && user.totpEnabledAt === null;
}

/** A fresh authentication at a provider, for the session that asked for it (RFC 9470). */
export class Reauthentication {
  readonly #deps: Pick<Ports, 'unitOfWork' | 'clock'>;
  constructor(deps: Pick<Ports, 'unitOfWork' | 'clock'>) {
    this.#deps = deps;
  }

  /** @throws IamError `invalid-credentials` for anybody else's identity, `token-invalid` when the session is over */
  async complete(
    visitor: Visitor,
    { userId, sessionId }: Starter,
    provider: AuthProviderState,
    { externalId }: ExternalIdentity,
  ): Promise<{ readonly authenticatedAt: Date }> {
    const { unitOfWork, clock } = this.#deps;
    const { projectId } = visitor;
    const authenticatedAt = clock.now();
    await unitOfWork.run(async (repositories) => {
      const { users, refreshTokens, providerLinks, audit, requireUnchanged } = repositories;
      await assertStillPresent(repositories, provider);
      const user = await users.byId(projectId, userId);
      const { session, standing } = await presentSession(refreshTokens, { projectId, sessionId });
      if (user === undefined || standing.user.id !== userId) throw new IamError('token-invalid');
      const link = await providerLinks.byIdentity(projectId, provider.id, externalId);
      if (link?.toState().userId !== userId) throw new IamError('invalid-credentials');
      // A password or a second factor that came meanwhile has not been asked for.
      if (!reliesOnProviders(user.toState())) throw new IamError('token-invalid');
      requireUnchanged(user);
      requireUnchanged(link);
      session.reauthenticated(PROVIDER_METHODS, authenticatedAt);
      refreshTokens.save(session);
      const what = { action: 'auth.reauthenticated', entityType: 'session', entityId: sessionId } as const;
      const whose = { userId, actorId: userId, tenantId: standing.tenant.id } as const;
      audit.record(audited(visitor, { ...what, ...whose, metadata: { providerId: provider.id } }, authenticatedAt));
    });
    return { authenticatedAt };
  }
}
