import { describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { defaultProjectSettings } from '../../src/domain/project/project-settings.ts';
import { type Generation, isAlive } from '../../src/domain/session/refresh-token.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { anId, aSession } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const lifetimes = { refreshIdleTtlSeconds: 600, refreshAbsoluteTtlSeconds: 1000, refreshGraceSeconds: 0 };
const withGrace = { ...lifetimes, refreshGraceSeconds: 30 };
const generation = (number: number) => number as Generation;

function anOpenSession() {
  const session = aSession(now, { projectId: anId(), tenantId: anId(), userId: anId() }, lifetimes);
  session.releaseEvents();
  return session;
}

function rotatedTimes(times: number, settings = lifetimes) {
  const session = anOpenSession();
  for (let number = 0; number < times; number += 1) session.rotate(generation(number), settings, now);
  return session;
}

const eventTypes = (session: ReturnType<typeof anOpenSession>) => session.releaseEvents().map(({ type }) => type);

describe('refresh token rotation', () => {
  it('opens with the first generation and tells so', () => {
    const session = aSession(now, { projectId: anId(), tenantId: anId(), userId: anId(), clientId: 'v1' });

    expect(session.toState()).toMatchObject({ generation: 0, endedAt: null, createdAt: now });
    expect(session.releaseEvents()).toMatchObject([{ type: 'session-opened', clientId: 'v1', sessionId: session.id }]);
  });

  it('makes the next generation and prolongs the idle life', () => {
    const session = anOpenSession();
    const later = secondsAfter(now, 100);

    expect(session.rotate(generation(0), lifetimes, later)).toEqual({ kind: 'rotated' });
    expect(session.toState()).toMatchObject({
      generation: 1,
      rotatedAt: later,
      idleExpiresAt: secondsAfter(later, 600),
      expiresAt: secondsAfter(now, 1000),
    });
    expect(eventTypes(session)).toEqual([]);
  });

  it('never prolongs the idle life beyond the absolute one', () => {
    const session = anOpenSession();
    session.rotate(generation(0), lifetimes, secondsAfter(now, 599));

    expect(session.toState().idleExpiresAt).toEqual(secondsAfter(now, 1000));
  });

  it('never opens with an idle life beyond the absolute one', () => {
    const ids = { projectId: anId<ProjectId>(), tenantId: anId<TenantId>(), userId: anId<UserId>() };
    const session = aSession(now, ids, { refreshIdleTtlSeconds: 600, refreshAbsoluteTtlSeconds: 60 });

    expect(session.toState().idleExpiresAt).toEqual(secondsAfter(now, 60));
  });

  it.each([
    ['the idle life', 0, 600],
    ['the absolute life', 599, 1000],
  ])('refuses with token-expired once %s is over', (_life, rotatedAfter, expiredAfter) => {
    const session = anOpenSession();
    session.rotate(generation(0), lifetimes, secondsAfter(now, rotatedAfter));

    expect(() => session.rotate(generation(1), lifetimes, secondsAfter(now, expiredAfter))).toThrowError(
      'token-expired',
    );
    const justBefore = secondsAfter(now, expiredAfter - 1);
    expect(session.rotate(generation(1), lifetimes, justBefore)).toEqual({ kind: 'rotated' });
  });

  it('refuses a generation that was never made, and stays open', () => {
    const session = rotatedTimes(2);

    expect(() => session.rotate(generation(3), lifetimes, now)).toThrowError('token-invalid');
    expect(session.toState().endedAt).toBeNull();
  });
});

describe('refresh token replay', () => {
  it.each([0, 1, 2])('ends the session when generation %i of 4 comes back', (replayed) => {
    const session = rotatedTimes(4);

    expect(session.rotate(generation(replayed), lifetimes, now)).toEqual({ kind: 'reuse-detected' });
    expect(session.toState()).toMatchObject({ endedAt: now, endedBy: 'reuse-detected', generation: 4 });
    expect(eventTypes(session)).toEqual(['refresh-token-reused']);
    expect(() => session.rotate(generation(4), lifetimes, now)).toThrowError('token-invalid');
  });

  it('takes the second use of a token within ten seconds for a race: refused, and nothing else', () => {
    const session = rotatedTimes(1);
    const before = session.toState();

    expect(session.rotate(generation(0), lifetimes, secondsAfter(now, 10))).toEqual({ kind: 'race' });
    expect(session.toState()).toEqual(before);
    expect(eventTypes(session)).toEqual([]);
    expect(session.rotate(generation(1), lifetimes, secondsAfter(now, 10))).toEqual({ kind: 'rotated' });
  });

  it('takes it for a theft after that', () => {
    expect(rotatedTimes(1).rotate(generation(0), lifetimes, secondsAfter(now, 10.001)).kind).toBe('reuse-detected');
  });

  it('gives the same successor once more within the grace, as often as asked', () => {
    const session = rotatedTimes(1, withGrace);

    for (const seconds of [0, 15, 30]) {
      expect(session.rotate(generation(0), withGrace, secondsAfter(now, seconds))).toEqual({ kind: 'repeated' });
    }
    expect(session.toState().generation).toBe(1);
    expect(session.rotate(generation(0), withGrace, secondsAfter(now, 30.001)).kind).toBe('reuse-detected');
  });

  it('has no grace for a token whose successor was used', () => {
    expect(rotatedTimes(2, withGrace).rotate(generation(0), withGrace, now).kind).toBe('reuse-detected');
  });
});

describe('the end of a session', () => {
  it('keeps the first reason and tells once', () => {
    const session = anOpenSession();
    session.end('logout', now);
    session.end('ended-by-user', secondsAfter(now, 5));

    expect(session.toState()).toMatchObject({ endedAt: now, endedBy: 'logout' });
    expect(eventTypes(session)).toEqual(['session-ended']);
  });

  it('is alive only before its ends, under the present epoch of its user', () => {
    const session = anOpenSession();
    expect(isAlive(session.toState(), 0, secondsAfter(now, 599))).toBe(true);
    expect(isAlive(session.toState(), 1, now)).toBe(false);
    expect(isAlive(session.toState(), 0, secondsAfter(now, 600))).toBe(false);
    const idleLess = { ...session.toState(), idleExpiresAt: secondsAfter(now, 2000) };
    expect(isAlive(idleLess, 0, secondsAfter(now, 1000))).toBe(false);

    session.carryOver(1);
    expect(isAlive(session.toState(), 1, now)).toBe(true);
    session.end('logout', now);
    expect(isAlive(session.toState(), 1, now)).toBe(false);
  });

  it('remembers when all factors were shown again', () => {
    const session = anOpenSession();
    const later = secondsAfter(now, 60);
    session.reauthenticated(['pwd', 'otp'], later);

    expect(session.toState()).toMatchObject({ amr: ['pwd', 'otp'], authenticatedAt: later, createdAt: now });
  });

  it('is no younger for a further factor', () => {
    const session = anOpenSession();
    const { authenticatedAt } = session.toState();
    session.strengthened(['pwd', 'otp']);

    expect(session.toState()).toMatchObject({ amr: ['pwd', 'otp'], authenticatedAt });
  });

  it('follows the settings at each rotation', () => {
    const session = anOpenSession();
    session.rotate(generation(0), { ...defaultProjectSettings, refreshIdleTtlSeconds: 60 }, now);

    expect(session.toState().idleExpiresAt).toEqual(secondsAfter(now, 60));
  });
});

describe('a session in which somebody else acts', () => {
  const impersonator = { userId: anId<UserId>(), epoch: 2 };
  const opened = (given: Partial<typeof lifetimes> = {}) =>
    aSession(now, { projectId: anId(), tenantId: anId(), userId: anId(), impersonator }, { ...lifetimes, ...given });

  it('lasts an hour in all, however often it is refreshed', () => {
    const long = { ...lifetimes, refreshIdleTtlSeconds: 7000, refreshAbsoluteTtlSeconds: 100_000 };
    const session = opened(long);
    expect(session.toState()).toMatchObject({ impersonator, expiresAt: secondsAfter(now, 3600) });
    expect(session.toState().idleExpiresAt).toEqual(secondsAfter(now, 3600));

    session.rotate(generation(0), long, secondsAfter(now, 3000));
    expect(session.toState().idleExpiresAt).toEqual(secondsAfter(now, 3600));
    expect(() => session.rotate(generation(1), long, secondsAfter(now, 3600))).toThrowError('token-expired');
  });

  it('lasts no longer than any session of the project', () => {
    expect(opened().toState().expiresAt).toEqual(secondsAfter(now, 1000));
  });
});
