import { IamError } from '../../domain/errors.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { inBothTrails } from '../audit/in-both-trails.ts';
import type { Authority } from '../roles/authority.ts';

type BlockTenantDeps = Pick<Ports, 'sessionWatch' | 'clock'> & { readonly authority: Authority };

/** Nobody is signed in there any more, until it is unblocked. Idempotent. */
export class BlockTenant {
  readonly #deps: BlockTenantDeps;
  constructor(deps: BlockTenantDeps) {
    this.#deps = deps;
  }

  /** For the owner of the platform, who acts in its own tenant. @throws IamError `forbidden`, `not-found`, `owner-protected` for the platform's own tenant */
  async execute(actor: UserActor, id: TenantId): Promise<TenantState> {
    const { authority, sessionWatch, clock } = this.#deps;
    const blocked = await authority.commit(actor, 'tenants.block', async ({ tenants, audit }) => {
      const now = clock.now();
      if (id === actor.tenantId) throw new IamError('owner-protected');
      const tenant = await tenants.byId(actor.projectId, id);
      if (tenant === undefined) throw new IamError('not-found');
      if (tenant.toState().blockedAt !== null) return tenant.toState();
      tenant.block(now);
      tenants.save(tenant);
      const what = { action: 'tenant.blocked', entityType: 'tenant', entityId: id, tenantId: id } as const;
      for (const record of inBothTrails(actor.tenantId, audited(actor, what, now))) audit.record(record);
      return tenant.toState();
    });
    await sessionWatch.announce({ tenantId: id });
    return blocked;
  }
}
