import { describe, expect, it } from 'vitest';
import type { StoredRecoveryCode } from '../../src/domain/recovery/recovery-codes.ts';
import { assertPending, type PendingTotp, TotpFactor, type TotpStep } from '../../src/domain/user/totp-factor.ts';
import { anId, aSealedSecret, aTotpFactor, someRecoveryCodes } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const later = secondsAfter(now, 60);
const step = (number: number) => number as TotpStep;
const secret = aSealedSecret();
const waiting: PendingTotp = { pendingSecret: secret, pendingExpiresAt: null, pendingRecoveryCodes: [] };

function aPendingFactor(given: Partial<PendingTotp> = {}): TotpFactor {
  const factor = aTotpFactor(now, { projectId: anId(), userId: anId() }, { pendingSecret: secret, ...given });
  factor.releaseEvents();
  return factor;
}

function aFactorInForce(confirmedAt = step(1000)): TotpFactor {
  const factor = aPendingFactor();
  factor.confirm(secret, confirmedAt, now);
  return factor;
}

describe('setting up', () => {
  it('keeps the secret apart until it is confirmed, and tells so without it', () => {
    const factor = TotpFactor.none({ projectId: anId(), userId: anId() });
    factor.begin(waiting, now);

    expect(factor.toState()).toMatchObject({ secret: null, lastStep: null, pendingSecret: secret });
    const { projectId, userId } = factor.toState();
    expect(factor.releaseEvents()).toEqual([
      { type: 'mfa-setup-started', projectId, userId, occurredAt: now.toISOString() },
    ]);
  });

  it('takes the place of an earlier set-up, whole', () => {
    const codes: readonly StoredRecoveryCode[] = someRecoveryCodes(now, anId(), anId()).toState().codes;
    const factor = aPendingFactor({ pendingRecoveryCodes: codes, pendingExpiresAt: later });
    const second = aSealedSecret();
    factor.begin({ ...waiting, pendingSecret: second }, later);

    expect(factor.toState()).toMatchObject({
      pendingSecret: second,
      pendingExpiresAt: null,
      pendingRecoveryCodes: [],
    });
    expect(() => factor.confirm(secret, step(1), later)).toThrowError('mfa-invalid');
  });

  it('is refused while one is in force, which stays', () => {
    const factor = aFactorInForce();

    expect(() => factor.begin({ ...waiting, pendingSecret: aSealedSecret() }, later)).toThrowError(
      'mfa-already-enabled',
    );
    expect(factor.toState()).toMatchObject({ secret, pendingSecret: null });
  });
});

describe('what waits for its first code', () => {
  it('is there until it expires', () => {
    const state = aPendingFactor({ pendingExpiresAt: later }).toState();

    expect(() => assertPending(state, secondsAfter(later, -1))).not.toThrow();
    expect(() => assertPending(state, later)).toThrowError('mfa-setup-missing');
  });

  it('is there for ever where no end was set', () => {
    expect(() => assertPending(aPendingFactor().toState(), secondsAfter(now, 1e9))).not.toThrow();
  });

  it('is missing before a set-up, and for somebody without a factor', () => {
    const none = TotpFactor.none({ projectId: anId(), userId: anId() }).toState();

    expect(() => assertPending(none, now)).toThrowError('mfa-setup-missing');
    expect(() => assertPending(undefined, now)).toThrowError('mfa-setup-missing');
  });

  it('is nothing once a factor is in force', () => {
    expect(() => assertPending(aFactorInForce().toState(), now)).toThrowError('mfa-already-enabled');
  });
});

describe('confirming', () => {
  it('puts the secret in force, spends its code and answers the recovery codes that come with it', () => {
    const codes = someRecoveryCodes(now, anId(), anId()).toState().codes;
    const factor = aPendingFactor({ pendingRecoveryCodes: codes, pendingExpiresAt: later });

    expect(factor.confirm(secret, step(7), now)).toEqual(codes);
    expect(factor.toState()).toMatchObject({
      secret,
      lastStep: 7,
      pendingSecret: null,
      pendingExpiresAt: null,
      pendingRecoveryCodes: [],
    });
    expect(() => factor.spend(secret, step(7))).toThrowError('mfa-invalid');
  });

  it('is refused late, twice, and for another secret than the one that waits', () => {
    const factor = aPendingFactor({ pendingExpiresAt: later });

    expect(() => factor.confirm(aSealedSecret(), step(7), now)).toThrowError('mfa-invalid');
    expect(() => factor.confirm(secret, step(7), later)).toThrowError('mfa-setup-missing');
    factor.confirm(secret, step(7), now);
    expect(() => factor.confirm(secret, step(8), now)).toThrowError('mfa-already-enabled');
  });

  it('tells nothing: the account does', () => {
    expect(aFactorInForce().releaseEvents()).toEqual([]);
  });
});

describe('a code (RFC 6238 §5.2)', () => {
  it('succeeds once, and so does each later one', () => {
    const factor = aFactorInForce(step(1000));
    expect(factor.takes(secret, step(1001))).toBe(true);
    factor.spend(secret, step(1001));

    expect(factor.takes(secret, step(1001))).toBe(false);
    expect(() => factor.spend(secret, step(1001))).toThrowError('mfa-invalid');
    factor.spend(secret, step(1003));
    expect(factor.toState().lastStep).toBe(1003);
  });

  it('is refused after a later one, though it was never shown', () => {
    const factor = aFactorInForce(step(1000));
    factor.spend(secret, step(1003));

    for (const earlier of [1002, 1001, 1000]) {
      expect(() => factor.spend(secret, step(earlier))).toThrowError('mfa-invalid');
    }
    expect(factor.toState().lastStep).toBe(1003);
  });

  it('is refused for a secret that is not in force: another, or one that still waits', () => {
    expect(() => aFactorInForce().spend(aSealedSecret(), step(2000))).toThrowError('mfa-invalid');
    expect(() => aPendingFactor().spend(secret, step(2000))).toThrowError('mfa-invalid');
  });

  it('of the first step of all is refused the second time like any other', () => {
    const factor = aFactorInForce(step(0));

    expect(() => factor.spend(secret, step(0))).toThrowError('mfa-invalid');
  });
});
