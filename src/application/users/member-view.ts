import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { Member } from '../../ports/directories/member-directory.ts';
import { type UserView, userView } from '../account/user-view.ts';

/** A person as one tenant sees them: disabled or removed also where that is true of the membership alone. */
export interface MemberView {
  readonly user: UserView;
  readonly tenantId: TenantId;
  /** Slugs, sorted. */
  readonly roles: readonly string[];
}

export function memberView({ user, membership, roles }: Member): MemberView {
  const disabledHere = user.status === 'active' && membership.disabledAt !== null;
  const deletedAt = user.deletedAt ?? membership.deletedAt;
  const status = disabledHere ? 'disabled' : user.status;
  return { user: { ...userView(user), status, deletedAt }, tenantId: membership.tenantId, roles };
}
