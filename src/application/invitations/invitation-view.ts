import type { InvitationId } from '../../domain/tenant/invitation.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { PendingInvitation } from '../../ports/directories/invitation-directory.ts';

/** An invitation as the tenant sees it: nothing of its token. */
export interface InvitationView {
  readonly id: InvitationId;
  readonly email: EmailAddress;
  /** Slugs, sorted. */
  readonly roles: readonly string[];
  /** `null`: a back end with its key. */
  readonly invitedBy: UserId | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export function invitationView({ invitation, roles }: PendingInvitation): InvitationView {
  const { id, email, invitedBy, createdAt, expiresAt } = invitation;
  return { id, email, roles, invitedBy, createdAt, expiresAt };
}
