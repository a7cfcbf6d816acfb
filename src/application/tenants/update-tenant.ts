import { IamError } from '../../domain/errors.ts';
import type { TenantId, TenantState } from '../../domain/tenant/tenant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { changesOf } from '../audit/changes-of.ts';
import { inBothTrails } from '../audit/in-both-trails.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { Authority } from '../roles/authority.ts';
import { requiredPermission } from './required-permission.ts';

export interface UpdateTenantInput {
  readonly id: TenantId;
  readonly name?: string | undefined;
  readonly logoUrl?: string | null | undefined;
  /** Asked about the tenant as it stands before the change (RFC 9110 §13.1.1). */
  readonly ifMatch?: ((current: TenantState) => boolean) | undefined;
}

interface UpdateTenantDeps {
  readonly authority: Authority;
  readonly knownProjects: KnownProjects;
  readonly clock: Clock;
}

/** Name and settings of a tenant. Also open to whoever acts in somebody's place. */
export class UpdateTenant {
  readonly #deps: UpdateTenantDeps;
  constructor(deps: UpdateTenantDeps) {
    this.#deps = deps;
  }

  /**
   * The actor's tenant; any, for the owner of the platform.
   * @throws IamError `forbidden`, `not-found`, `precondition-failed`, `token-invalid`
   */
  async execute(actor: UserActor, { id, ifMatch, ...change }: UpdateTenantInput): Promise<TenantState> {
    const { authority, knownProjects, clock } = this.#deps;
    const { projectId, tenantId, impersonatorId } = actor;
    const permission = requiredPermission(actor, id, { own: 'settings.update', any: 'tenants.update' });
    const project = await knownProjects.byId(projectId);
    return authority.commit(actor, permission, async ({ refreshTokens, tenants, audit, requireUnchanged }) => {
      const now = clock.now();
      const { session } = await presentSession(refreshTokens, actor);
      const tenant = await tenants.byId(projectId, id);
      if (tenant === undefined) throw new IamError('not-found');
      const before = tenant.toState();
      if (ifMatch !== undefined && !ifMatch(before)) throw new IamError('precondition-failed');
      tenant.change(change, now);
      tenants.save(tenant);
      requireUnchanged(session);
      const after = tenant.toState();
      const what = { action: 'tenant.updated', entityType: 'tenant', entityId: id, tenantId: id } as const;
      const entry = audited(actor, { ...what, ...changesOf(change, before, after) }, now);
      const own = id === tenantId && impersonatorId === null;
      const records = own ? [entry] : inBothTrails(project.rootTenantId, entry);
      for (const record of records) audit.record(record);
      return after;
    });
  }
}
