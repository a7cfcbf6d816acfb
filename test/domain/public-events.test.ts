import { describe, expect, it } from 'vitest';
import type { IamEvent } from '../../src/domain/events.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { bodyOf, type EventId } from '../../src/domain/webhook/public-event.ts';
import { PUBLIC_EVENT_TYPES, publicEventOf } from '../../src/domain/webhook/public-events.ts';

const happened = { projectId: 'p', occurredAt: '2026-03-01T12:00:00.000Z' };

describe('what the world is told', () => {
  it('is told by names that are each one thing’s', () => {
    expect(PUBLIC_EVENT_TYPES.length).toBeGreaterThan(50);
    expect(new Set(PUBLIC_EVENT_TYPES).size).toBe(PUBLIC_EVENT_TYPES.length);
    for (const name of PUBLIC_EVENT_TYPES) expect(name).toMatch(/^[a-z-]+(\.[a-z-]+)+$/);
  });

  it('is what happened, to what, by ids', () => {
    const event = { ...happened, tenantId: 't', userId: 'u', sessionId: 's', clientId: 'v1' } as const;
    expect(publicEventOf({ ...event, type: 'session-opened' })).toEqual({
      projectId: 'p',
      tenantId: 't',
      type: 'session.opened',
      subject: { kind: 'user', id: 'u' },
      data: { userId: 'u', tenantId: 't', sessionId: 's', clientId: 'v1' },
      occurredAt: new Date(happened.occurredAt),
    });
  });

  it('is of no tenant where none is named', () => {
    expect(publicEventOf({ ...happened, type: 'api-key-created', apiKeyId: 'k' })).toMatchObject({
      tenantId: null,
      subject: { kind: 'api-key', id: 'k' },
    });
  });

  it('is of a membership by tenant and person', () => {
    const event = { ...happened, type: 'member-joined', tenantId: 't', userId: 'u' } as const;
    expect(publicEventOf(event)?.subject).toEqual({ kind: 'membership', id: 't:u' });
  });

  it.each<IamEvent>([
    { ...happened, type: 'email-changed', userId: 'u', oldEmail: 'old@example.test' },
    { ...happened, type: 'email-change-requested', userId: 'u', newEmail: 'new@example.test', consentNeeded: true },
  ])('is no address: $type', (event) => {
    const told = publicEventOf(event);
    expect(told?.data).toEqual({ userId: 'u' });
    expect(JSON.stringify(told)).not.toContain('example.test');
  });

  it.each<IamEvent>([
    { ...happened, type: 'password-reset-requested', email: 'a@example.test', dialect: 'v1' },
    { ...happened, type: 'email-verification-requested', email: 'a@example.test', dialect: 'v1' },
    { ...happened, type: 'sign-in-attempts-mounting', email: 'a@example.test', failures: 30 },
    { ...happened, type: 'recovery-locked', email: 'a@example.test', untilUnlocked: true },
    { ...happened, type: 'recovery-alarm', userId: 'u', account: 'a@example.test', closed: null },
  ])('is not that somebody asked by an address, or was alarmed: $type', (event) => {
    expect(publicEventOf(event)).toBeUndefined();
  });

  it('is delivered as the type, the moment and the data, with the number and the subject', () => {
    const told = publicEventOf({ ...happened, type: 'role-created', tenantId: 't', roleId: 'r' });
    if (!told) throw new Error('not told');
    const body = bodyOf({ ...told, projectId: 'p' as ProjectId, id: 'e' as EventId, sequence: 3 });
    expect(JSON.parse(body)).toEqual({
      type: 'role.created',
      timestamp: happened.occurredAt,
      data: { tenantId: 't', roleId: 'r' },
      sequence: 3,
      subject: { kind: 'role', id: 'r' },
    });
  });
});
