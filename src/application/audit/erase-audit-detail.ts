import type { ProjectId } from '../../domain/project/project.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';
import { audited } from './audited.ts';

type EraseAuditDetailDeps = Pick<Ports, 'unitOfWork' | 'auditArchive' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
  readonly knownProjects: KnownProjects;
};

/**
 * Erases what the audit trail of a project tells of a person: addresses, programs and details of what happened to them
 * and of what they did. That something happened, to whom and by whom stays, by ids; the trail goes on to verify.
 */
export class EraseAuditDetail {
  readonly #deps: EraseAuditDetailDeps;
  constructor(deps: EraseAuditDetailDeps) {
    this.#deps = deps;
  }

  /**
   * For whoever has `audit.delete` in every tenant: the owner of the platform, who shows it by a recent authentication,
   * and whoever runs the process. Recorded before anything is gone. Answers how many records told something.
   * Idempotent. @throws IamError `forbidden`, `reauthentication-required`, `not-found` for no project
   */
  async execute(
    actor: UserActor | Operator,
    { projectId, userId }: { readonly projectId: ProjectId; readonly userId: UserId },
  ): Promise<{ readonly records: number }> {
    const { platformAuthority, knownProjects, unitOfWork, auditArchive, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const { rootTenantId: tenantId } = await knownProjects.byId(projectId);
    await unitOfWork.run(async ({ audit }) => {
      const what = { action: 'audit.erased', entityType: 'user', entityId: userId, projectId, tenantId } as const;
      audit.record(audited(actor, what, clock.now()));
    });
    return { records: await auditArchive.erase(projectId, userId) };
  }
}
