import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { PendingIdentity } from '../../domain/session/sign-in-challenge.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import { ProviderLink, type ProviderLinkId } from '../../domain/user/provider-link.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/** One more way in. `tenantId`: where the person was when they asked for it, if they were anywhere. */
export interface AddedLink {
  readonly id: ProviderLinkId;
  readonly userId: UserId;
  readonly provider: AuthProviderState;
  readonly identity: PendingIdentity;
  readonly tenantId?: TenantId;
}

/** Part of a commit; the caller saves the user. The commit is refused with `provider-already-linked` where it is taken. */
export function linkAccount(
  { providerLinks, audit }: Repositories,
  visitor: Visitor,
  { id, userId, provider, identity: { externalId, email, displayName }, tenantId }: AddedLink,
  now: Date,
): ProviderLink {
  const { projectId, id: providerId } = provider;
  const input = { id, projectId, userId, providerId, externalId, email, displayName, added: true };
  const link = ProviderLink.link(input, now);
  providerLinks.save(link);
  const what = { action: 'auth.provider.linked', entityType: 'user', entityId: userId, after: { providerId } } as const;
  const whose = { userId, actorId: userId, ...(tenantId && { tenantId }) };
  audit.record(audited(visitor, { ...what, ...whose }, now));
  return link;
}
