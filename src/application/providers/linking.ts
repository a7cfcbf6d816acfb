import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { SessionId } from '../../domain/session/refresh-token.ts';
import { ProviderLink, type ProviderLinkId } from '../../domain/user/provider-link.ts';
import { isUnproven, type UserId } from '../../domain/user/user.ts';
import type { ExternalIdentity } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';
import { type LinkView, linkView } from './link-view.ts';
import { assertStillPresent } from './present-provider.ts';

/** Whoever asked for it, in the session that they asked in. */
export interface Starter {
  readonly userId: UserId;
  readonly sessionId: SessionId;
}

type LinkingDeps = Pick<Ports, 'unitOfWork' | 'idGenerator' | 'clock'>;

/** One more way in for an account, at the end of the round trip that its person started. */
export class Linking {
  readonly #deps: LinkingDeps;
  constructor(deps: LinkingDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `provider-already-linked` when the identity is somebody's, or the person has another of this
   * provider; `token-invalid` when the session is over; `email-not-verified`
   */
  async complete(
    visitor: Visitor,
    { userId, sessionId }: Starter,
    provider: AuthProviderState,
    { externalId, email, displayName }: ExternalIdentity,
  ): Promise<LinkView> {
    const { unitOfWork, idGenerator, clock } = this.#deps;
    const { projectId } = visitor;
    const id = idGenerator.next<ProviderLinkId>();
    return unitOfWork.run(async (repositories) => {
      const { users, refreshTokens, providerLinks, audit, requireUnchanged } = repositories;
      const now = clock.now();
      await assertStillPresent(repositories, provider);
      const user = await users.byId(projectId, userId);
      const { session, standing } = await presentSession(refreshTokens, { projectId, sessionId });
      if (user === undefined || standing.user.id !== userId) throw new IamError('token-invalid');
      if (isUnproven(user.toState())) throw new IamError('email-not-verified');
      const input = { id, projectId, userId, providerId: provider.id, externalId, email, displayName, added: true };
      const link = ProviderLink.link(input, now);
      providerLinks.save(link);
      requireUnchanged(session);
      users.save(user);
      const what = { action: 'auth.provider.linked', entityType: 'user', entityId: userId } as const;
      const whose = {
        userId,
        actorId: userId,
        tenantId: standing.tenant.id,
        after: { providerId: provider.id },
      } as const;
      audit.record(audited(visitor, { ...what, ...whose }, now));
      return linkView(link.toState(), provider);
    });
  }
}
