import { describe, expect, it } from 'vitest';
import { IamError, type IamErrorCode } from '../../src/domain/errors.ts';
import { assertActive, assertInUse, isActive, isInUse } from '../../src/domain/user/account-standing.ts';
import { displayName } from '../../src/domain/user/display-name.ts';
import { type PasswordHash, User, type UserId, type UserState } from '../../src/domain/user/user.ts';
import { anEmail, anId, aUser } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const later = secondsAfter(now, 60);
const newHash = '$argon2id$new' as PasswordHash;

function aRegisteredUser(given: Partial<UserState> = {}): User {
  return User.rehydrate({ ...aUser(now, { projectId: anId() }).toState(), ...given });
}

/** Of the refusal, if there is one. */
function codeOf(attempt: () => void): unknown {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof IamError ? error.code : error;
  }
}

const eventTypes = (user: User) => user.releaseEvents().map(({ type }) => type);

describe('registration', () => {
  it('makes an active, unproven account and tells so, without any secret', () => {
    const user = aUser(now, { projectId: anId(), dialect: 'v1', proofRequested: false });

    expect(user.toState()).toMatchObject({ status: 'active', emailVerifiedAt: null, sessionEpoch: 0, createdAt: now });
    expect(user.releaseEvents()).toEqual([
      {
        type: 'user-registered',
        projectId: user.toState().projectId,
        userId: user.id,
        dialect: 'v1',
        proofRequested: false,
        occurredAt: now.toISOString(),
      },
    ]);
    expect(user.releaseEvents()).toEqual([]);
  });
});

describe('proof of the mailbox', () => {
  it('takes a seat and is told once', () => {
    const user = aRegisteredUser({ holdsSeat: false });
    user.proveMailbox(later);
    user.proveMailbox(secondsAfter(later, 60));

    expect(user.toState()).toMatchObject({ emailVerifiedAt: later, holdsSeat: true, updatedAt: later });
    expect(eventTypes(user)).toEqual(['email-verified']);
  });

  it('by another way than the one that made the account leaves nothing that somebody else may have put there', () => {
    const user = aRegisteredUser({
      pendingEmail: anEmail(),
      lastName: 'Mallory',
      phone: '+1',
      avatarUrl: 'https://example.test/a.png',
      preferences: { theme: 'dark' },
      metadata: { plan: 'free' },
      lastLoginMethod: 'email',
      sessionEpoch: 3,
    });
    user.reclaim(later);

    expect(user.toState()).toMatchObject({
      passwordHash: null,
      pendingEmail: null,
      firstName: null,
      lastName: null,
      phone: null,
      avatarUrl: null,
      preferences: {},
      lastLoginMethod: null,
      sessionEpoch: 4,
      emailVerifiedAt: later,
      metadata: { plan: 'free' },
    });
    expect(eventTypes(user)).toEqual(['email-verified']);
  });
});

describe('passwords', () => {
  it('ends every session when it is changed', () => {
    const user = aRegisteredUser({ sessionEpoch: 1 });
    user.changePassword(newHash, later);

    expect(user.toState()).toMatchObject({ passwordHash: newHash, sessionEpoch: 2, updatedAt: later });
    expect(eventTypes(user)).toEqual(['password-changed']);
  });

  it('ends every session and pending change when it is reset, and keeps the rest of a proven account', () => {
    const user = aRegisteredUser({ emailVerifiedAt: now, pendingEmail: anEmail(), sessionEpoch: 1 });
    user.resetPassword(newHash, later);

    expect(user.toState()).toMatchObject({
      passwordHash: newHash,
      pendingEmail: null,
      sessionEpoch: 2,
      firstName: 'Ada',
      emailVerifiedAt: now,
    });
    expect(eventTypes(user)).toEqual(['password-reset']);
  });

  it('reclaims an unproven account when it is reset: whoever reads the mailbox owns it', () => {
    const user = aRegisteredUser({ firstName: 'Mallory' });
    user.resetPassword(newHash, later);

    expect(user.toState()).toMatchObject({ passwordHash: newHash, firstName: null, emailVerifiedAt: later });
    expect(user.toState().sessionEpoch).toBeGreaterThan(0);
    expect(eventTypes(user)).toEqual(['email-verified', 'password-reset']);
  });

  it('is hashed anew without ending anything', () => {
    const user = aRegisteredUser();
    user.upgradeHash(newHash);

    expect(user.toState()).toMatchObject({ passwordHash: newHash, sessionEpoch: 0, updatedAt: now });
    expect(eventTypes(user)).toEqual([]);
  });
});

describe('email change', () => {
  it('is pending until the new address answers', () => {
    const [oldEmail, newEmail] = [anEmail(), anEmail()];
    const user = aRegisteredUser({ email: oldEmail });
    user.requestEmailChange(newEmail, now);
    expect(user.toState()).toMatchObject({ email: oldEmail, pendingEmail: newEmail });

    expect(user.advanceEmailChange('proof', newEmail, later)).toBe(true);
    expect(user.toState()).toMatchObject({ email: newEmail, emailVerifiedAt: later, pendingEmail: null });
    expect(user.releaseEvents()).toMatchObject([
      { type: 'email-change-requested', newEmail },
      { type: 'email-changed', oldEmail },
    ]);
  });

  it.each([
    ['proof', 'consent'],
    ['consent', 'proof'],
  ] as const)('by somebody else of a proven address waits for both mailboxes: %s, then %s', (first, second) => {
    const newEmail = anEmail();
    const user = aRegisteredUser({ emailVerifiedAt: now });
    user.requestEmailChange(newEmail, now, { byOther: true });
    expect(user.toState().pendingEmailAwaits).toEqual(['proof', 'consent']);

    expect(user.advanceEmailChange(first, newEmail, later)).toBe(false);
    expect(user.toState()).toMatchObject({ pendingEmail: newEmail, pendingEmailAwaits: [second] });
    expect(user.advanceEmailChange(second, newEmail, later)).toBe(true);
    expect(user.toState()).toMatchObject({ email: newEmail, pendingEmail: null, pendingEmailAwaits: [] });
  });

  it('by somebody else of an unproven address waits for the new mailbox alone', () => {
    const user = aRegisteredUser();
    user.requestEmailChange(anEmail(), now, { byOther: true });
    expect(user.toState().pendingEmailAwaits).toEqual(['proof']);
  });

  it('confirms no address but the one that is pending by now', () => {
    const [first, second] = [anEmail(), anEmail()];
    const user = aRegisteredUser();
    user.requestEmailChange(first, now);
    user.requestEmailChange(second, now);

    expect(() => user.advanceEmailChange('proof', first, later)).toThrowError('token-invalid');
    user.advanceEmailChange('proof', second, later);
    expect(() => user.advanceEmailChange('proof', second, later)).toThrowError('token-invalid');
  });
});

describe('a recovery code', () => {
  it('ends every session and pending change, changes nothing else, and tells so', () => {
    const given = { emailVerifiedAt: now, pendingEmail: anEmail(), totpEnabledAt: now, sessionEpoch: 3 };
    const user = aRegisteredUser(given);
    const before = user.toState();
    user.recover(later);

    expect(user.toState()).toEqual({ ...before, pendingEmail: null, sessionEpoch: 4, updatedAt: later });
    const { projectId, id: userId } = before;
    expect(user.releaseEvents()).toEqual([
      { type: 'account-recovered', projectId, userId, occurredAt: later.toISOString() },
    ]);
  });
});

describe('a lock', () => {
  it('leaves sessions alone, and is told once', () => {
    const user = aRegisteredUser({ emailVerifiedAt: now, sessionEpoch: 3 });
    const before = user.toState();
    user.lock(later);
    user.lock(secondsAfter(later, 60));

    expect(user.toState()).toEqual({ ...before, status: 'locked', updatedAt: later });
    const { projectId, id: userId } = before;
    expect(user.releaseEvents()).toEqual([{ type: 'user-locked', projectId, userId, occurredAt: later.toISOString() }]);
  });

  it('ends when somebody unlocks it, which is told once', () => {
    const user = aRegisteredUser({ status: 'locked', sessionEpoch: 3 });
    user.unlock(later);
    user.unlock(secondsAfter(later, 60));

    expect(user.toState()).toMatchObject({ status: 'active', sessionEpoch: 3, updatedAt: later });
    const { projectId, id: userId } = user.toState();
    expect(user.releaseEvents()).toEqual([
      { type: 'user-unlocked', projectId, userId, occurredAt: later.toISOString() },
    ]);
  });

  it.each(['disabled', 'invited'] as const)('neither hides nor ends that an account is %s', (status) => {
    const user = aRegisteredUser({ status });
    const before = user.toState();
    user.lock(later);
    user.unlock(later);

    expect(user.toState()).toEqual(before);
    expect(eventTypes(user)).toEqual([]);
  });
});

describe('"this was not me"', () => {
  it('tells of the removal of an unproven account', () => {
    const user = aRegisteredUser();
    user.disown(later);

    expect(eventTypes(user)).toEqual(['user-removed']);
  });

  it('touches no proven account', () => {
    const user = aRegisteredUser({ emailVerifiedAt: now });

    expect(() => user.disown(later)).toThrowError('token-invalid');
    expect(eventTypes(user)).toEqual([]);
  });
});

describe('account', () => {
  it('raises the epoch to end all sessions', () => {
    const user = aRegisteredUser({ sessionEpoch: 7 });
    user.endSessions(later);

    expect(user.toState()).toMatchObject({ sessionEpoch: 8, updatedAt: later });
  });

  it('changes what was given, also to null, and nothing else', () => {
    const user = aRegisteredUser({ lastName: 'Lovelace', phone: '+1' });
    user.changeProfile({ firstName: undefined, lastName: null, preferences: { theme: 'dark' } }, later);

    expect(user.toState()).toMatchObject({
      firstName: 'Ada',
      lastName: null,
      phone: '+1',
      preferences: { theme: 'dark' },
      updatedAt: later,
    });
    expect(eventTypes(user)).toEqual(['profile-changed']);
  });

  it('remembers the method of the latest sign-in and answers the one before', () => {
    const user = aRegisteredUser();

    expect(user.signedIn('email')).toBeNull();
    expect(user.signedIn('email_totp')).toBe('email');
    expect(eventTypes(user)).toEqual([]);
  });

  it.each<[Partial<UserState>, IamErrorCode | undefined, IamErrorCode | undefined]>([
    [{ status: 'active' }, undefined, undefined],
    [{ status: 'locked' }, undefined, 'account-locked'],
    [{ status: 'disabled' }, 'account-disabled', 'account-disabled'],
    [{ status: 'invited' }, 'account-disabled', 'account-disabled'],
    [{ deletedAt: now }, 'account-disabled', 'account-disabled'],
    [{ status: 'locked', deletedAt: now }, 'account-disabled', 'account-disabled'],
  ])('that is %o refuses its sessions with %s, and a sign-in with %s', (given, unused, inactive) => {
    const user = aRegisteredUser(given).toState();

    expect(isInUse(user)).toBe(unused === undefined);
    expect(isActive(user)).toBe(inactive === undefined);
    expect(codeOf(() => assertInUse(user))).toBe(unused);
    expect(codeOf(() => assertActive(user))).toBe(inactive);
  });

  it.each([
    ['Ada', 'Lovelace', 'Ada Lovelace'],
    ['Ada', null, 'Ada'],
    [null, 'Lovelace', 'Lovelace'],
    [null, null, null],
  ])('shows the names %s and %s as %s', (firstName, lastName, shown) => {
    expect(displayName({ firstName, lastName })).toBe(shown);
  });
});

describe('somebody who was invited', () => {
  const invited = () => {
    const user = User.invite(
      { id: anId(), projectId: anId(), email: anEmail(), firstName: 'Ada', lastName: null },
      now,
    );
    user.releaseEvents();
    return user;
  };
  const person = { passwordHash: newHash, firstName: 'Augusta', lastName: 'King', dialect: 'v1' } as const;

  it('has a place without password, proof or seat, and is told of', () => {
    const given = { id: anId<UserId>(), projectId: anId<never>(), email: anEmail(), firstName: null, lastName: 'King' };
    const user = User.invite(given, now);
    const empty = { passwordHash: null, emailVerifiedAt: null, holdsSeat: false, deletedAt: null };
    expect(user.toState()).toMatchObject({ ...given, ...empty, status: 'invited' });
    expect(eventTypes(user)).toEqual(['user-invited']);
    expect([isInUse(user.toState()), isActive(user.toState())]).toEqual([false, false]);
  });

  it('becomes a proven account by coming, once', () => {
    const user = invited();
    user.acceptInvitation(person, later);
    const { dialect, ...given } = person;
    const account = { status: 'active', emailVerifiedAt: later, holdsSeat: true, updatedAt: later };
    expect(user.toState()).toMatchObject({ ...given, ...account });
    expect(user.releaseEvents()).toMatchObject([
      { type: 'user-registered', dialect, proofRequested: false },
      { type: 'email-verified' },
    ]);
    expect(codeOf(() => user.acceptInvitation(person, later))).toBe('token-invalid');
  });
});

describe('an account out of use', () => {
  it('has no session left when it is disabled, and is told of once', () => {
    const user = aRegisteredUser({ sessionEpoch: 2 });
    user.disable(later);
    user.disable(secondsAfter(later, 1));
    expect(user.toState()).toMatchObject({ status: 'disabled', sessionEpoch: 3, updatedAt: later });
    user.enable(later);
    user.enable(later);
    expect(user.toState()).toMatchObject({ status: 'active', sessionEpoch: 3 });
    expect(eventTypes(user)).toEqual(['user-disabled', 'user-enabled']);
  });

  it('is the platform’s to let in again once the platform has disabled it, whoever did before or does after', () => {
    const byPlatform = (user: User) => user.toState().disabledByPlatform;
    const user = aRegisteredUser({ sessionEpoch: 2 });
    user.disable(later);
    expect(byPlatform(user)).toBe(false);
    user.disable(later, { platform: true });
    expect(byPlatform(user)).toBe(true);
    user.disable(later);
    expect(byPlatform(user)).toBe(true);
    expect(user.toState().sessionEpoch).toBe(3);
    user.enable(later);
    expect(byPlatform(user)).toBe(false);
    expect(eventTypes(user)).toEqual(['user-disabled', 'user-enabled']);
  });

  it('is not let back in by being enabled when it is locked', () => {
    const user = aRegisteredUser({ status: 'locked' });
    user.enable(later);
    expect(user.toState().status).toBe('locked');
  });

  it('keeps what is stored when it is deleted, but for sessions and seat, and comes back', () => {
    const user = aRegisteredUser({ holdsSeat: true, emailVerifiedAt: now });
    const before = user.toState();
    user.restore(later, { holdsSeat: true });
    user.delete(later);
    user.delete(secondsAfter(later, 1));
    const gone = { deletedAt: later, holdsSeat: false, sessionEpoch: before.sessionEpoch + 1, updatedAt: later };
    expect(user.toState()).toEqual({ ...before, ...gone });

    user.restore(later, { holdsSeat: true });
    expect(user.toState()).toEqual({ ...before, ...gone, deletedAt: null, holdsSeat: true });
    expect(eventTypes(user)).toEqual(['user-deleted', 'user-restored']);
  });
});
