import type { ProjectId } from '../../domain/project/project.ts';
import type { InvitationId, InvitationState } from '../../domain/tenant/invitation.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { Page, PageRequest } from './page.ts';

export interface PendingInvitation {
  readonly invitation: InvitationState;
  /** Slugs that the invited person will have, sorted. */
  readonly roles: readonly string[];
}

export interface InvitationDirectory {
  byId(projectId: ProjectId, tenantId: TenantId, id: InvitationId): Promise<PendingInvitation | undefined>;
  /** Those that have not expired at `now`. */
  page(
    projectId: ProjectId,
    tenantId: TenantId,
    now: Date,
    request: PageRequest<InvitationId>,
  ): Promise<Page<PendingInvitation>>;
}
