import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { User } from '../../src/domain/user/user.ts';
import { anEmail, aSession, aWebhook } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const LEASE_SECONDS = 30;

/** How far the background is behind, as an operator is told. */
export function describeBacklogContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`backlog: ${name}`, () => {
    const start = new Date('2026-03-01T12:00:00.000Z');
    const later = secondsAfter(start, 3600);
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, start);
      user = await seedUser(subject.unitOfWork, start, place);
      const seeded = await subject.outboxFeed.claim(1000, LEASE_SECONDS, later);
      await subject.outboxFeed.done(seeded.map(({ id }) => id));
      await publish();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    async function publish(): Promise<void> {
      while ((await subject.eventLog.publish(100, start)) > 0);
    }
    const signIn = (when: Date) =>
      subject.unitOfWork.run(async ({ refreshTokens }) =>
        refreshTokens.save(aSession(when, { ...place, userId: user.id })),
      );
    const happens = (occurredAt: Date) =>
      subject.unitOfWork.run(async ({ events }) =>
        events.record({
          type: 'password-reset-requested',
          projectId: place.projectId,
          email: anEmail(),
          dialect: 'gate',
          occurredAt: occurredAt.toISOString(),
        }),
      );
    const isRecorded = (timestamp: Date) =>
      subject.unitOfWork.run(async ({ audit }) =>
        audit.record({
          projectId: place.projectId,
          tenantId: null,
          action: 'auth.login.failed',
          entityType: 'user',
          entityId: null,
          userId: null,
          actorId: null,
          ip: null,
          userAgent: null,
          timestamp,
        }),
      );

    it('is empty where nothing waits', async () => {
      const nothing = { waiting: 0, oldest: undefined, buried: 0 };
      expect(await subject.backlog.look(later)).toEqual({
        outbox: nothing,
        'audit-seals': nothing,
        events: nothing,
        webhooks: nothing,
      });
    });

    it('counts messages until they are done, whoever has them meanwhile, and says when the oldest came about', async () => {
      for (const seconds of [5, 6, 7]) await happens(secondsAfter(start, seconds));
      const [first] = await subject.outboxFeed.claim(1, LEASE_SECONDS, later);
      expect((await subject.backlog.look(later)).outbox).toEqual({
        waiting: 3,
        oldest: secondsAfter(start, 5),
        buried: 0,
      });
      await subject.outboxFeed.done([first?.id ?? '']);
      expect((await subject.backlog.look(later)).outbox).toEqual({
        waiting: 2,
        oldest: secondsAfter(start, 6),
        buried: 0,
      });
    });

    it('counts what was buried by itself: it waits no longer', async () => {
      for (const seconds of [5, 6]) await happens(secondsAfter(start, seconds));
      const [first] = await subject.outboxFeed.claim(1, LEASE_SECONDS, later);
      await subject.outboxFeed.bury(first?.id ?? '', 'no such mailbox', later);
      expect((await subject.backlog.look(later)).outbox).toEqual({
        waiting: 1,
        oldest: secondsAfter(start, 6),
        buried: 1,
      });
    });

    it('counts records that have no seal, of whichever chain', async () => {
      for (const seconds of [9, 8]) await isRecorded(secondsAfter(start, seconds));
      expect((await subject.backlog.look(later))['audit-seals']).toEqual({
        waiting: 2,
        oldest: secondsAfter(start, 8),
        buried: 0,
      });
    });

    it('counts events until they are published', async () => {
      for (const seconds of [4, 3]) await signIn(secondsAfter(start, seconds));
      const { events } = await subject.backlog.look(later);
      expect(events).toEqual({ waiting: 2, oldest: secondsAfter(start, 3), buried: 0 });
      await publish();
      expect((await subject.backlog.look(later)).events.waiting).toBe(0);
    });

    it('counts deliveries that are due, at webhooks that are switched on', async () => {
      const [on, off] = [aWebhook(start, place), aWebhook(start, place)];
      await subject.unitOfWork.run(async ({ webhookEndpoints }) => {
        for (const endpoint of [on, off]) webhookEndpoints.save(endpoint);
      });
      await signIn(start);
      await publish();
      const due = (await subject.backlog.look(later)).webhooks.waiting;
      expect(due).toBeGreaterThan(1);
      const { projectId, tenantId, id } = off.toState();
      await subject.unitOfWork.run(async ({ webhookEndpoints }) => {
        const present = await webhookEndpoints.byId(projectId, tenantId, id);
        present?.disable('gone', start);
        if (present !== undefined) webhookEndpoints.save(present);
      });

      expect((await subject.backlog.look(later)).webhooks).toEqual({ waiting: due / 2, oldest: start, buried: 0 });
      expect((await subject.backlog.look(secondsAfter(start, -1))).webhooks.waiting).toBe(0);
      const limits = { limit: 1, perEndpoint: 1, leaseSeconds: 7200 };
      await subject.webhookDeliveries.claim(limits, later);
      expect((await subject.backlog.look(later)).webhooks.waiting).toBe(due / 2 - 1);
    });
  });
}
