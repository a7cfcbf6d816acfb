import { describe, expect, it } from 'vitest';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import {
  AUTHORIZATION_REQUEST_SECONDS,
  AuthorizationRequest,
  assertInTime,
  type ProviderIntent,
} from '../../src/domain/session/authorization-request.ts';
import { isUnproven, lacksProof } from '../../src/domain/user/account-standing.ts';
import { ProviderLink } from '../../src/domain/user/provider-link.ts';
import { User } from '../../src/domain/user/user.ts';
import { aChallenge, anAuthorizationRequest, anEmail, anId, aProviderLink, aUser } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const place = {
  projectId: anId<ReturnType<AuthorizationRequest['toState']>['projectId']>(),
  userId: anId<User['id']>(),
};
const acme = 'acme' as ProviderId;
const INTENTS: readonly ProviderIntent[] = ['sign-in', 'link', 'reauthentication'];

describe('somebody on the way to a provider', () => {
  it('may take ten minutes', () => {
    const { expiresAt } = anAuthorizationRequest(now, place).toState();
    expect(AUTHORIZATION_REQUEST_SECONDS).toBe(600);
    expect(() => assertInTime({ expiresAt }, secondsAfter(now, 599))).not.toThrow();
    expect(() => assertInTime({ expiresAt }, secondsAfter(now, 600))).toThrowError('token-expired');
  });

  it.each(INTENTS)('comes back for what they were sent for, a %s, and for nothing else', (intent) => {
    const request = anAuthorizationRequest(now, { ...place, intent });
    for (const wanted of INTENTS) {
      const coming = () => request.assertFor({ providerId: acme, intents: [wanted] });
      if (wanted === intent) expect(coming).not.toThrow();
      else expect(coming).toThrowError('token-invalid');
    }
    expect(() => request.assertFor({ providerId: acme, intents: INTENTS })).not.toThrow();
    expect(() => request.assertFor({ providerId: acme, intents: [] })).toThrowError('token-invalid');
  });

  it('comes back from where they were sent to', () => {
    const request = anAuthorizationRequest(now, place);
    const elsewhere = { providerId: 'globex' as ProviderId, intents: INTENTS };
    expect(() => request.assertFor(elsewhere)).toThrowError('token-invalid');
    expect(() => request.assertFor({ intents: INTENTS })).not.toThrow();
  });

  it('tells nothing, and stays as they are stored', () => {
    const request = anAuthorizationRequest(now, place);
    expect(request.releaseEvents()).toEqual([]);
    expect(AuthorizationRequest.rehydrate(request.toState()).toState()).toEqual(request.toState());
  });
});

describe('what stands between a provider and a session', () => {
  it.each([
    ['exchange-code', 60],
    ['mfa-challenge', 300],
  ] as const)('%s lives for %i seconds, and dies with the sessions of the person', (kind, seconds) => {
    const challenge = aChallenge(now, { ...place, kind, epoch: 2, amr: ['ext'], providerId: acme });
    expect(() => challenge.assertUsable(2, secondsAfter(now, seconds - 1))).not.toThrow();
    expect(() => challenge.assertUsable(2, secondsAfter(now, seconds))).toThrowError('token-expired');
    expect(() => challenge.assertUsable(3, now)).toThrowError('token-invalid');
    expect(challenge.toState()).toMatchObject({ amr: ['ext'], providerId: acme });
  });
});

describe('a link', () => {
  it('is told where it was added to an account, and where it is taken away', () => {
    const link = aProviderLink(now, place);
    link.unlink(secondsAfter(now, 60));
    expect(link.releaseEvents()).toEqual([
      { type: 'provider-linked', ...place, providerId: acme, occurredAt: now.toISOString() },
      { type: 'provider-unlinked', ...place, providerId: acme, occurredAt: secondsAfter(now, 60).toISOString() },
    ]);
  });

  it('is not told where the account came with it', () => {
    const { linkedAt: _, ...state } = aProviderLink(now, place).toState();
    expect(ProviderLink.link({ ...state, added: false }, now).releaseEvents()).toEqual([]);
  });

  it('is when it was made, and stays as it is stored', () => {
    const link = aProviderLink(now, { ...place, externalId: '42', email: anEmail(), displayName: 'Ada' });
    expect(link.toState()).toMatchObject({ externalId: '42', displayName: 'Ada', linkedAt: now });
    expect(ProviderLink.rehydrate(link.toState()).toState()).toEqual(link.toState());
  });
});

describe('somebody who comes by a provider', () => {
  const arrived = (email: ReturnType<typeof anEmail> | null) =>
    User.arrive(
      { id: place.userId, projectId: place.projectId, email, firstName: 'Ada', lastName: null, dialect: 'v1' },
      now,
    );
  const required = { emailVerificationRequired: true };

  it('has an address that is proven, or none', () => {
    const email = anEmail();
    expect(arrived(email).toState()).toMatchObject({ email, emailVerifiedAt: now });
    expect(arrived(null).toState()).toMatchObject({ email: null, emailVerifiedAt: null });
    for (const user of [arrived(email), arrived(null)]) {
      expect(user.toState()).toMatchObject({ passwordHash: null, status: 'active', holdsSeat: true, sessionEpoch: 0 });
      expect(isUnproven(user.toState())).toBe(false);
      expect(lacksProof(user.toState(), required)).toBe(false);
    }
  });

  it('is told as registered, and is asked for no proof', () => {
    expect(arrived(null).releaseEvents()).toEqual([
      { type: 'user-registered', ...place, dialect: 'v1', proofRequested: false, occurredAt: now.toISOString() },
    ]);
  });

  it('is nobody who may have come by an address that is not theirs, unlike whoever registered with one', () => {
    const registered = aUser(now, { projectId: place.projectId }).toState();
    expect(isUnproven(registered)).toBe(true);
    expect(lacksProof(registered, required)).toBe(true);
    expect(lacksProof(registered, { emailVerificationRequired: false })).toBe(false);
    expect(isUnproven({ ...registered, emailVerifiedAt: now })).toBe(false);
  });

  it('is given no address by somebody else, but asks for one themselves', () => {
    const user = arrived(null);
    expect(() => user.requestEmailChange(anEmail(), now, { byOther: true })).toThrowError('forbidden');
    expect(user.toState().pendingEmail).toBeNull();
    const email = anEmail();
    user.requestEmailChange(email, now);
    expect(user.advanceEmailChange('proof', email, now)).toBe(true);
    expect(user.toState()).toMatchObject({ email, emailVerifiedAt: now });
  });
});
