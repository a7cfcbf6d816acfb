import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { type TenantId, tenantNameFor } from '../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { User, UserState } from '../../domain/user/user.ts';
import type { TenantOfUser } from '../../ports/directories/tenant-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { establishTenant } from '../tenants/establish-tenant.ts';
import { joinRootTenant } from '../tenants/join-root-tenant.ts';
import { landIn } from '../tenants/land-in.ts';
import { type TenantChoice, tenantChoice } from '../tenants/tenant-choice.ts';

/** Where a sign-in lands: a known tenant, one that is still to be made, or a choice. */
export type Landing =
  | { readonly kind: 'tenant'; readonly tenantId: TenantId }
  | { readonly kind: 'root' }
  | { readonly kind: 'new' }
  | { readonly kind: 'choice'; readonly choices: readonly TenantChoice[] };

type ArrivalDeps = Pick<Ports, 'tenantDirectory' | 'idGenerator'>;

/** Which tenant a sign-in ends in. */
export class Arrival {
  readonly #deps: ArrivalDeps;
  constructor(deps: ArrivalDeps) {
    this.#deps = deps;
  }

  /** No tenant: one is made. One: that. Several: the remembered one, else a choice. @throws IamError `tenant-blocked` */
  async choose(visitor: Visitor, project: ProjectState, user: UserState): Promise<Landing> {
    if (visitor.dialect === 'gate') return { kind: 'root' };
    const tenants = await this.#deps.tenantDirectory.ofUser(project.id, user.id);
    if (tenants.length === 0) return { kind: project.settings.selfServiceTenants ? 'new' : 'root' };
    return landingAmong(tenants, user.lastTenantId);
  }

  /** Part of the commit of the sign-in; whoever has joined by it is to be saved. @throws IamError `tenant-blocked`, `not-found` */
  async arrive(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    user: User,
    email: EmailAddress | null,
    landing: Exclude<Landing, { readonly kind: 'choice' }>,
    now: Date,
  ): Promise<TenantOfUser & { readonly joined: boolean }> {
    const arriveIn = async (tenantId: TenantId) => ({
      ...(await landIn(repositories, visitor, project, tenantId, user.id)),
      joined: false,
    });
    if (landing.kind === 'tenant') return arriveIn(landing.tenantId);
    if (landing.kind === 'root') {
      const place = await joinRootTenant(repositories, visitor, project, user.id, now);
      return { ...place, joined: place.roles.version === undefined };
    }
    // Another sign-in at the same time may have founded it.
    const [own] = await repositories.tenants.ownedBy(project.id, user.id);
    if (own !== undefined) return arriveIn(own.id);
    const id = this.#deps.idGenerator.next<TenantId>();
    const { firstName } = user.toState();
    const name = tenantNameFor({ email, firstName: firstName ?? undefined });
    const tenant = { id, projectId: project.id, name, ownerId: user.id, root: false };
    return { ...establishTenant(repositories, visitor, tenant, this.#deps.idGenerator, now), joined: true };
  }
}

/** One tenant: that. Several: the remembered one, else a choice; blocked ones are not on offer. */
function landingAmong(tenants: readonly TenantOfUser[], remembered: TenantId | null): Landing {
  const open = tenants.filter(({ tenant }) => tenant.blockedAt === null);
  const only = open.length === 1 ? open[0] : open.find(({ tenant }) => tenant.id === remembered);
  if (only !== undefined) return { kind: 'tenant', tenantId: only.tenant.id };
  if (open.length === 0) throw new IamError('tenant-blocked');
  return { kind: 'choice', choices: open.map(tenantChoice) };
}
