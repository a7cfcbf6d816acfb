import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { SessionId } from '../../domain/session/refresh-token.ts';
import { isUnproven } from '../../domain/user/account-standing.ts';
import type { ProviderLinkId } from '../../domain/user/provider-link.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { ExternalIdentity } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { presentSession } from '../authentication/own-session.ts';
import { linkAccount } from './link-account.ts';
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
    identity: ExternalIdentity,
  ): Promise<LinkView> {
    const { unitOfWork, idGenerator, clock } = this.#deps;
    const { projectId } = visitor;
    const id = idGenerator.next<ProviderLinkId>();
    return unitOfWork.run(async (repositories) => {
      const { users, refreshTokens, requireUnchanged } = repositories;
      const now = clock.now();
      await assertStillPresent(repositories, provider);
      const user = await users.byId(projectId, userId);
      const { session, standing } = await presentSession(refreshTokens, { projectId, sessionId });
      if (user === undefined || standing.user.id !== userId) throw new IamError('token-invalid');
      if (isUnproven(user.toState())) throw new IamError('email-not-verified');
      requireUnchanged(session);
      users.save(user);
      const tenantId = standing.tenant.id;
      const link = linkAccount(repositories, visitor, { id, userId, provider, identity, tenantId }, now);
      return linkView(link.toState(), provider);
    });
  }
}
