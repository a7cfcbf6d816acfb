import type { ProjectId } from '../../domain/project/project.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import type { Invitation, InvitationId } from '../../domain/tenant/invitation.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId } from '../../domain/user/user.ts';

export interface InvitationRepository {
  byId(projectId: ProjectId, tenantId: TenantId, id: InvitationId): Promise<Invitation | undefined>;
  byDigest(projectId: ProjectId, digests: readonly SecretDigest[]): Promise<Invitation | undefined>;
  byEmail(projectId: ProjectId, tenantId: TenantId, email: EmailAddress): Promise<Invitation | undefined>;
  /** That of whoever stands in for the invited person. */
  ofUser(projectId: ProjectId, userId: UserId): Promise<Invitation | undefined>;
  /** One a tenant and address: a second one fails with `invitation-pending`. */
  save(invitation: Invitation): void;
  /** Gone with this commit, or the commit fails: of N spenders one succeeds. */
  remove(invitation: Invitation): void;
}
