import { IamError } from '../../domain/errors.ts';
import { authProviderView, type ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';

type RemoveProviderDeps = Pick<Ports, 'unitOfWork' | 'clock'> & { readonly platformAuthority: PlatformAuthority };

/** A provider is gone, with the links of its people: another one of the same name must not find them. */
export class RemoveProvider {
  readonly #deps: RemoveProviderDeps;
  constructor(deps: RemoveProviderDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found` */
  async execute(
    actor: UserActor | Operator,
    { projectId, id }: { readonly projectId: ProjectId; readonly id: ProviderId },
  ): Promise<void> {
    const { platformAuthority, unitOfWork, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    await unitOfWork.run(async ({ projects, authProviders, audit }) => {
      const now = clock.now();
      const project = await projects.byId(projectId);
      const provider = await authProviders.byId(projectId, id);
      if (project === undefined || provider === undefined) throw new IamError('not-found');
      provider.remove(now);
      authProviders.remove(provider);
      const before = { ...authProviderView(provider.toState()) };
      const what = { action: 'provider.removed', entityType: 'provider', entityId: id, before } as const;
      audit.record(audited(actor, { ...what, projectId, tenantId: project.toState().rootTenantId }, now));
    });
  }
}
