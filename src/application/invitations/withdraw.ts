import type { Invitation } from '../../domain/tenant/invitation.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/** An invitation opens nothing any more, from the commit on that this is part of. */
export function withdraw(
  { invitations, audit }: Pick<Repositories, 'invitations' | 'audit'>,
  actor: Administrator,
  invitation: Invitation,
  now: Date,
): void {
  invitation.revoke(now);
  invitations.remove(invitation);
  const { id, email } = invitation.toState();
  const what = { action: 'invitation.revoked', entityType: 'invitation', entityId: id, before: { email } } as const;
  audit.record(audited(actor, what, now));
}
