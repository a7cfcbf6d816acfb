import type { Ports } from '../../ports/ports.ts';
import type { FenceProgress } from '../../ports/restore-fence.ts';
import type { Operator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from './known-projects.ts';

type RaiseRestoreFenceDeps = Pick<Ports, 'unitOfWork' | 'restoreFence' | 'sessionWatch' | 'clock'> & {
  readonly knownProjects: KnownProjects;
};

/**
 * After a backup was restored: nothing that was spent or ended since it was made works again. Everybody signs in anew;
 * recovery codes and mailed links are made anew. For whoever runs the process alone.
 */
export class RaiseRestoreFence {
  readonly #deps: RaiseRestoreFenceDeps;
  constructor(deps: RaiseRestoreFenceDeps) {
    this.#deps = deps;
  }

  /** Recorded before anything ends. @throws IamError `not-found` before the platform is installed */
  async execute(operator: Operator, onProgress: (progress: FenceProgress) => void = () => {}): Promise<void> {
    const { knownProjects, unitOfWork, restoreFence, sessionWatch, clock } = this.#deps;
    const { id: projectId, rootTenantId: tenantId } = await knownProjects.platform();
    await unitOfWork.run(async ({ audit }) => {
      const what = { action: 'platform.restored', entityType: 'project', entityId: projectId } as const;
      audit.record(audited(operator, { ...what, projectId, tenantId }, clock.now()));
    });
    for await (const progress of restoreFence.raise(clock.now())) onProgress(progress);
    await sessionWatch.announce({ all: true });
  }
}
