import { IamError } from '../../domain/errors.ts';
import { isPlatformRoot } from '../../domain/project/project.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { handOver } from './hand-over.ts';

type AcceptTransferDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
  readonly stepUp: StepUp;
};

/** The new owner takes over. Takes a recent authentication. */
export class AcceptTransfer {
  readonly #deps: AcceptTransferDeps;
  constructor(deps: AcceptTransferDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `not-found` for anybody but the new owner, and when nothing is pending;
   * `reauthentication-required`, `email-not-verified`, `rbac-limit-exceeded`, `token-invalid`
   */
  async execute(actor: UserActor, tenantId: TenantId): Promise<TenantState> {
    const { unitOfWork, knownProjects, stepUp, sessionWatch, clock } = this.#deps;
    const { projectId, userId: to } = actor;
    if (tenantId !== actor.tenantId) throw new IamError('not-found');
    const project = await knownProjects.byId(projectId);
    const { tenant, from } = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { users, tenants, ownershipTransfers, audit, requireUnchanged } = repositories;
      const user = await users.byId(projectId, to);
      const tenant = await tenants.byId(projectId, tenantId);
      const transfer = await ownershipTransfers.ofTenant(projectId, tenantId);
      // Looked at last: what it rests on is then as it was read, or the commit fails.
      const { session } = await presentSession(repositories.refreshTokens, actor);
      if (user === undefined || tenant === undefined || transfer === undefined) throw new IamError('not-found');
      const { ownerId: from } = transfer.toState();
      if (tenant.toState().ownerId !== from) throw new IamError('not-found');
      transfer.accept(to, now);
      stepUp.assertRecent(session.toState());
      // An account that somebody may still disown takes what it owns along.
      if (!user.emailVerified) throw new IamError('email-not-verified');
      ownershipTransfers.remove(transfer);
      await handOver(repositories, tenant, { from, to }, now);
      if (isPlatformRoot(project, tenantId)) await signOut(repositories, projectId, from, now);
      for (const root of [user, session]) requireUnchanged(root);
      const change = { before: { ownerId: from }, after: { ownerId: to } };
      const what = { action: 'tenant.transferred', entityType: 'tenant', entityId: tenantId, ...change } as const;
      audit.record(audited(actor, what, now));
      return { tenant: tenant.toState(), from };
    });
    for (const userId of [from, to]) await sessionWatch.announce({ userId });
    return tenant;
  }
}

/** Whoever does not own the platform any more acts in nobody's place: such sessions end with their own. */
async function signOut(
  { users }: Pick<Repositories, 'users'>,
  projectId: UserActor['projectId'],
  userId: UserId,
  now: Date,
): Promise<void> {
  const user = await users.byId(projectId, userId);
  if (user === undefined) throw new IamError('conflict');
  user.endSessions(now);
  users.save(user);
}
