import { describe, expect, it } from 'vitest';
import type { Invitation } from '../../src/domain/tenant/invitation.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { aDigest, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { refusalOf } from '../support/refusal.ts';
import { anInvitation, aTransfer } from '../support/tenancy.ts';

const HOUR = 60 * 60;
const now = new Date();
const place = { projectId: anId<never>(), tenantId: anId<never>() };

describe('an invitation', () => {
  const offered = (): Invitation => {
    const { invitation } = anInvitation(now, place);
    invitation.releaseEvents();
    return invitation;
  };

  it('is in force for 72 hours, and carries no token before it was mailed', () => {
    const { invitation } = anInvitation(now, place);
    expect(invitation.toState()).toMatchObject({ digest: null, expiresAt: secondsAfter(now, 72 * HOUR) });
    const told = { type: 'invitation-offered', invitationId: invitation.id, ...place };
    expect(invitation.releaseEvents()).toEqual([
      { ...told, projectId: place.projectId, occurredAt: now.toISOString() },
    ]);

    expect(() => invitation.assertFresh(secondsAfter(now, 72 * HOUR - 1))).not.toThrow();
    expect(refusalOf(() => invitation.assertFresh(secondsAfter(now, 72 * HOUR)))).toMatchObject({
      code: 'token-expired',
    });
  });

  it('loses its token when it is sent again, and its time begins anew', () => {
    const invitation = offered();
    const digest = aDigest();
    invitation.carry(digest);
    expect(invitation.toState().digest).toBe(digest);

    const later = secondsAfter(now, 80 * HOUR);
    invitation.resend(later);
    expect(invitation.toState()).toMatchObject({ digest: null, expiresAt: secondsAfter(later, 72 * HOUR) });
    expect(invitation.releaseEvents()).toMatchObject([{ type: 'invitation-offered' }]);
  });

  it('tells who accepted it, or that it was revoked', () => {
    const by = anId<UserId>();
    const [accepted, revoked] = [offered(), offered()];
    accepted.accept(by, now);
    revoked.revoke(now);
    expect(accepted.releaseEvents()).toMatchObject([{ type: 'invitation-accepted', userId: by }]);
    expect(revoked.releaseEvents()).toMatchObject([{ type: 'invitation-revoked', invitationId: revoked.id }]);
  });
});

describe('an offer of a tenant', () => {
  const [owner, heir, stranger] = [anId<UserId>(), anId<UserId>(), anId<UserId>()];
  const offered = () => {
    const transfer = aTransfer(now, place, owner, heir);
    transfer.releaseEvents();
    return transfer;
  };
  const [inTime, tooLate] = [secondsAfter(now, 72 * HOUR - 1), secondsAfter(now, 72 * HOUR)];

  it('is told, and pending for 72 hours', () => {
    const transfer = aTransfer(now, place, owner, heir);
    expect(transfer.releaseEvents()).toMatchObject([{ type: 'transfer-offered', ownerId: owner, newOwnerId: heir }]);
    expect([inTime, tooLate].map((moment) => transfer.isPending(moment))).toEqual([true, false]);
  });

  it('is accepted by the new owner alone, in time', () => {
    const transfer = offered();
    for (const [by, moment] of [
      [owner, inTime],
      [stranger, inTime],
      [heir, tooLate],
    ] as const) {
      expect(refusalOf(() => transfer.accept(by, moment))).toMatchObject({ code: 'not-found' });
    }
    expect(transfer.releaseEvents()).toEqual([]);
    transfer.accept(heir, inTime);
    expect(transfer.releaseEvents()).toMatchObject([{ type: 'transfer-accepted', newOwnerId: heir }]);
  });

  it.each([
    ['the owner', owner],
    ['the new owner', heir],
  ])('is cancelled by %s, in time', (_who, by) => {
    const transfer = offered();
    for (const [other, moment] of [
      [stranger, inTime],
      [by, tooLate],
    ] as const) {
      expect(refusalOf(() => transfer.cancel(other, moment))).toMatchObject({ code: 'not-found' });
    }
    transfer.cancel(by, inTime);
    expect(transfer.releaseEvents()).toMatchObject([{ type: 'transfer-cancelled', ownerId: owner }]);
  });
});
