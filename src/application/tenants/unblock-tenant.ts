import { IamError } from '../../domain/errors.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { inBothTrails } from '../audit/in-both-trails.ts';
import type { Authority } from '../roles/authority.ts';

type UnblockTenantDeps = Pick<Ports, 'sessionWatch' | 'clock'> & { readonly authority: Authority };

/** Sessions that have not had their time meanwhile go on. Idempotent. */
export class UnblockTenant {
  readonly #deps: UnblockTenantDeps;
  constructor(deps: UnblockTenantDeps) {
    this.#deps = deps;
  }

  /** For the owner of the platform, who acts in its own tenant. @throws IamError `forbidden`, `not-found` */
  async execute(actor: UserActor, id: TenantId): Promise<TenantState> {
    const { authority, sessionWatch, clock } = this.#deps;
    const unblocked = await authority.commit(actor, 'tenants.block', async ({ tenants, audit }) => {
      const now = clock.now();
      const tenant = await tenants.byId(actor.projectId, id);
      if (tenant === undefined) throw new IamError('not-found');
      if (tenant.toState().blockedAt === null) return tenant.toState();
      tenant.unblock(now);
      tenants.save(tenant);
      const what = { action: 'tenant.unblocked', entityType: 'tenant', entityId: id, tenantId: id } as const;
      for (const record of inBothTrails(actor.tenantId, audited(actor, what, now))) audit.record(record);
      return tenant.toState();
    });
    await sessionWatch.announce({ tenantId: id });
    return unblocked;
  }
}
