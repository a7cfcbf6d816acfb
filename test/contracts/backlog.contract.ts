import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { anEmail } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { seedProject } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const LEASE_SECONDS = 30;

/** How far the background is behind, as an operator is told. */
export function describeBacklogContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`backlog: ${name}`, () => {
    const start = new Date('2026-03-01T12:00:00.000Z');
    const later = secondsAfter(start, 3600);
    let subject: StoreSubject;
    let projectId: ProjectId;

    beforeEach(async () => {
      subject = await makeSubject();
      ({ projectId } = await seedProject(subject.unitOfWork, start));
      const seeded = await subject.outboxFeed.claim(1000, LEASE_SECONDS, later);
      await subject.outboxFeed.done(seeded.map(({ id }) => id));
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const happens = (occurredAt: Date) =>
      subject.unitOfWork.run(async ({ events }) =>
        events.record({
          type: 'password-reset-requested',
          projectId,
          email: anEmail(),
          dialect: 'gate',
          occurredAt: occurredAt.toISOString(),
        }),
      );
    const isRecorded = (timestamp: Date) =>
      subject.unitOfWork.run(async ({ audit }) =>
        audit.record({
          projectId,
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
      expect(await subject.backlog.look()).toEqual({
        outbox: { waiting: 0, oldest: undefined, buried: 0 },
        'audit-seals': { waiting: 0, oldest: undefined, buried: 0 },
      });
    });

    it('counts messages until they are done, whoever has them meanwhile, and says when the oldest came about', async () => {
      for (const seconds of [5, 6, 7]) await happens(secondsAfter(start, seconds));
      const [first] = await subject.outboxFeed.claim(1, LEASE_SECONDS, later);
      expect((await subject.backlog.look()).outbox).toEqual({
        waiting: 3,
        oldest: secondsAfter(start, 5),
        buried: 0,
      });
      await subject.outboxFeed.done([first?.id ?? '']);
      expect((await subject.backlog.look()).outbox).toEqual({
        waiting: 2,
        oldest: secondsAfter(start, 6),
        buried: 0,
      });
    });

    it('counts what was buried by itself: it waits no longer', async () => {
      for (const seconds of [5, 6]) await happens(secondsAfter(start, seconds));
      const [first] = await subject.outboxFeed.claim(1, LEASE_SECONDS, later);
      await subject.outboxFeed.bury(first?.id ?? '', 'no such mailbox', later);
      expect((await subject.backlog.look()).outbox).toEqual({
        waiting: 1,
        oldest: secondsAfter(start, 6),
        buried: 1,
      });
    });

    it('counts records that have no seal, of whichever chain', async () => {
      for (const seconds of [9, 8]) await isRecorded(secondsAfter(start, seconds));
      expect((await subject.backlog.look())['audit-seals']).toEqual({
        waiting: 2,
        oldest: secondsAfter(start, 8),
        buried: 0,
      });
    });
  });
}
