import { IamError } from '../../domain/errors.ts';
import { lacksProof } from '../../domain/user/account-standing.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { takeSeat } from '../projects/take-seat.ts';
import type { Authority } from '../roles/authority.ts';
import { changedMember } from './changed-member.ts';
import { governedMember, isPresent } from './governed-member.ts';
import type { MemberReader, MemberWithSummary } from './member-reader.ts';
import type { MemberView } from './member-view.ts';

export interface RestoreUserInput {
  readonly userId: UserId;
  readonly ifMatch?: ((current: MemberWithSummary) => boolean) | undefined;
}

type RestoreUserDeps = Pick<Ports, 'memberDirectory' | 'sessionWatch' | 'clock'> & {
  readonly authority: Authority;
  readonly knownProjects: KnownProjects;
  readonly memberReader: MemberReader;
};

/** Undoes the removal of somebody from the actor's tenant. Idempotent. */
export class RestoreUser {
  readonly #deps: RestoreUserDeps;
  constructor(deps: RestoreUserDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found`, `precondition-failed`, `user-limit-reached`, `email-already-registered` when it is taken by now */
  async execute(actor: Administrator, { userId, ifMatch }: RestoreUserInput): Promise<MemberView> {
    const { authority, knownProjects, memberDirectory, memberReader, sessionWatch, clock } = this.#deps;
    const project = await knownProjects.byId(actor.projectId);
    await authority.commit(actor, 'users.update', async (repositories, granter) => {
      const now = clock.now();
      const { users, memberships, seats, audit } = repositories;
      const member = await governedMember(repositories, granter, actor, userId);
      if (ifMatch !== undefined) {
        const current = await memberReader.find(actor.projectId, actor.tenantId, userId);
        if (current === undefined || !ifMatch(current)) throw new IamError('precondition-failed');
      }
      if (isPresent(member)) return;
      const { user, membership } = member;
      const held = await Promise.all(
        membership.toState().roleIds.map((id) => repositories.roles.byId(actor.projectId, actor.tenantId, id)),
      );
      granter.assertMayGrant(held.flatMap((role) => role?.toState().permissions ?? []));
      if (user.toState().deletedAt !== null) {
        // Somebody who belongs to other tenants was deleted by none of them: it is not one tenant's to undo.
        if (member.elsewhere) throw new IamError('forbidden', {});
        const holdsSeat = !lacksProof(user.toState(), project.settings);
        if (holdsSeat) await takeSeat(seats, project);
        user.restore(now, { holdsSeat });
        users.save(user);
      }
      membership.rejoin(now);
      memberships.save(membership);
      const what = { action: 'user.restored', entityType: 'user', entityId: userId, userId } as const;
      audit.record(audited(actor, what, now));
    });
    await sessionWatch.announce({ userId });
    return changedMember(memberDirectory, actor, userId);
  }
}
