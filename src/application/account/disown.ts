import { IamError } from '../../domain/errors.ts';
import { awaitsRecord } from '../../domain/session/refresh-token.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { impersonationEnded } from '../authentication/impersonation-ended.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { endOffers } from '../tenants/end-offers.ts';
import { linkContext } from './secret-context.ts';

type DisownDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
};

/** "This was not me": whoever reads the mailbox removes an unproven account that somebody made with it. */
export class Disown {
  readonly #deps: DisownDeps;
  constructor(deps: DisownDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid`, also when the address has been proven since; `token-expired` */
  async execute(visitor: Visitor, input: { readonly token: string }): Promise<void> {
    const { unitOfWork, secretIssuer, knownProjects, sessionWatch, clock } = this.#deps;
    const { projectId } = visitor;
    const project = await knownProjects.byId(projectId);
    const digests = secretIssuer.digests(linkContext('disown'), input.token);
    const userId = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { users, seats, tenants, refreshTokens, oneTimeTokens, audit } = repositories;
      const token = await oneTimeTokens.byDigest(projectId, 'disown', digests);
      if (token === undefined) throw new IamError('token-invalid');
      token.assertFresh(now);
      const user = await users.byId(projectId, token.toState().userId);
      if (user === undefined || user.toState().email !== token.toState().email) throw new IamError('token-invalid');
      user.disown(now);
      await endOffers(repositories, visitor, user, now);
      const how = { actorId: user.id, end: 'revoked' } as const;
      for (const session of await refreshTokens.inPlaceOf(projectId, user.id)) {
        if (!awaitsRecord(session.toState())) continue;
        refreshTokens.remove(session);
        for (const record of impersonationEnded(visitor, project, session.toState(), how, now)) audit.record(record);
      }
      for (const tenant of await tenants.ownedBy(projectId, user.id)) tenants.remove(tenant);
      if (user.toState().holdsSeat) seats.release(projectId);
      users.remove(user);
      const what = { entityType: 'user', entityId: user.id, userId: user.id, actorId: user.id } as const;
      audit.record(audited(visitor, { action: 'auth.account.disowned', ...what }, now));
      return user.id;
    });
    await sessionWatch.announce({ userId });
  }
}
