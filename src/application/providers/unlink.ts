import { IamError } from '../../domain/errors.ts';
import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProviderLink } from '../../domain/user/provider-link.ts';
import type { User, UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { Authority } from '../roles/authority.ts';
import { governedMember, isPresent } from '../users/governed-member.ts';

type UnlinkDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'> & {
  readonly authority: Authority;
  readonly stepUp: StepUp;
};

/**
 * Takes a way in from an account, one's own or that of somebody whom one's tenant alone governs. Never the last. Every
 * other session ends.
 */
export class Unlink {
  readonly #deps: UnlinkDeps;
  constructor(deps: UnlinkDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `not-found`, `last-provider`, `reauthentication-required`, `forbidden`, `token-invalid` */
  async execute(
    actor: UserActor,
    { userId, providerId }: { readonly userId: UserId; readonly providerId: ProviderId },
  ): Promise<void> {
    const { unitOfWork, authority, stepUp, sessionWatch } = this.#deps;
    if (userId === actor.userId) {
      await stepUp.assert(actor);
      await unitOfWork.run(async (repositories) => {
        const user = await repositories.users.byId(actor.projectId, userId);
        const { session } = await presentSession(repositories.refreshTokens, actor);
        if (user === undefined) throw new IamError('token-invalid');
        await this.#unlink(repositories, actor, user, providerId);
        session.carryOver(user.toState().sessionEpoch);
        repositories.refreshTokens.save(session);
      });
      return sessionWatch.announce({ userId });
    }
    await authority.assert(actor, 'users.update');
    await stepUp.assert(actor);
    await authority.commit(actor, 'users.update', async (repositories, granter) => {
      const member = await governedMember(repositories, granter, actor, userId);
      if (!isPresent(member)) throw new IamError('not-found');
      // A person of several tenants governs their account themselves.
      if (member.elsewhere) throw new IamError('forbidden', {});
      return this.#unlink(repositories, actor, member.user, providerId);
    });
    await sessionWatch.announce({ userId });
  }

  async #unlink(repositories: Repositories, actor: UserActor, user: User, providerId: ProviderId): Promise<void> {
    const { providerLinks, users, audit } = repositories;
    const now = this.#deps.clock.now();
    const { projectId } = actor;
    const links = await providerLinks.ofUser(projectId, user.id);
    const link = links.find((held) => held.toState().providerId === providerId);
    if (link === undefined) throw new IamError('not-found');
    if (user.toState().passwordHash === null) await assertOtherWay(repositories, links, link);
    link.unlink(now);
    providerLinks.remove(link);
    // Of two at once the second has to look again at what is left. Whoever came by it is out (ASVS 7.4.3).
    user.endSessions(now);
    users.save(user);
    const what = { action: 'auth.provider.unlinked', entityType: 'user', entityId: user.id } as const;
    audit.record(audited(actor, { ...what, userId: user.id, before: { providerId } }, now));
  }
}

/** A provider that is switched off is no way in. @throws IamError `last-provider` */
async function assertOtherWay(
  { authProviders, requireUnchanged }: Repositories,
  links: readonly ProviderLink[],
  leaving: ProviderLink,
): Promise<void> {
  for (const link of links) {
    const { projectId, providerId } = link.toState();
    if (link === leaving) continue;
    const provider = await authProviders.byId(projectId, providerId);
    if (provider?.toState().enabled !== true) continue;
    requireUnchanged(provider);
    return;
  }
  throw new IamError('last-provider');
}
