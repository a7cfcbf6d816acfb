import { IamError, invalidField } from '../../domain/errors.ts';
import type { Membership } from '../../domain/tenant/membership.ts';
import type { User } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { type Administrator, PLATFORM_PROJECTS } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { endOffers } from '../tenants/end-offers.ts';
import { unlockAccount } from './unlock-account.ts';

/** What may be made of somebody's standing; the other states come about by themselves. */
export type WantedStatus = 'active' | 'disabled';

/** Whose standing, and how far the actor's say goes. */
export interface Governed {
  readonly user: User;
  readonly membership: Membership | undefined;
  /** `account`: everywhere. `membership`: in the actor's tenant alone. */
  readonly scope: 'account' | 'membership';
  /** Whether the actor owns the platform: nobody else ends a lock, or what they said themselves. */
  readonly byPlatform: boolean;
  /** Whether the person owns what the actor administers. */
  readonly isOwner: boolean;
}

/**
 * Part of a commit; the caller saves user and membership.
 * @throws IamError `owner-protected`, `validation-error` for an invited person, `forbidden` for an account that is locked
 * or that the owner of the platform has disabled
 */
export async function changeStanding(
  repositories: Repositories,
  actor: Administrator,
  governed: Governed,
  wanted: WantedStatus,
  now: Date,
): Promise<void> {
  const { user, membership, scope, byPlatform, isOwner } = governed;
  const { status, disabledByPlatform } = user.toState();
  if (status === 'invited') {
    throw invalidField('status', 'of an invited person cannot be changed', 'NOT_ALLOWED');
  }
  if (isOwner && wanted === 'disabled') throw new IamError('owner-protected');
  if (scope === 'membership') {
    if (wanted === 'disabled') {
      membership?.disable(now);
      await endOffers(repositories, actor, user, now, actor.tenantId);
      repositories.refreshTokens.endAll(actor.projectId, actor.tenantId, user.id, now);
    } else membership?.enable(now);
  } else {
    const isForPlatform = status === 'locked' || (disabledByPlatform && wanted === 'active');
    if (isForPlatform && !byPlatform) throw new IamError('forbidden', { requiredPermission: PLATFORM_PROJECTS });
    if (wanted === 'disabled') {
      user.disable(now, { platform: byPlatform });
      await endOffers(repositories, actor, user, now);
    } else {
      user.enable(now);
      membership?.enable(now);
      if (byPlatform) unlockAccount(repositories, actor, user, now);
    }
  }
  const action = wanted === 'disabled' ? 'user.disabled' : 'user.enabled';
  const what = { action, entityType: 'user', entityId: user.id, userId: user.id, metadata: { scope } } as const;
  repositories.audit.record(audited(actor, what, now));
}
