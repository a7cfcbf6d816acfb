import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { BURIED_KEPT_SECONDS } from '../../src/ports/outbox-feed.ts';
import { anEmail } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { seedProject } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const LEASE_SECONDS = 30;

/** What was committed is told at least once, by one teller at a time. */
export function describeOutboxFeedContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`outbox feed: ${name}`, () => {
    const start = new Date();
    /** Later than any commit of the test. */
    const now = secondsAfter(start, 3600);
    let subject: StoreSubject;
    let projectId: ProjectId;

    beforeEach(async () => {
      subject = await makeSubject();
      ({ projectId } = await seedProject(subject.unitOfWork, start));
      const seeded = await subject.outboxFeed.claim(1000, LEASE_SECONDS, now);
      await subject.outboxFeed.done(seeded.map(({ id }) => id));
    });
    afterEach(async () => {
      await subject.dispose();
    });

    /** One commit a message. */
    async function add(count: number): Promise<readonly string[]> {
      const emails = Array.from({ length: count }, () => anEmail());
      for (const email of emails) {
        await subject.unitOfWork.run(async ({ events }) =>
          events.record({
            type: 'password-reset-requested',
            projectId,
            email,
            dialect: 'gate',
            occurredAt: start.toISOString(),
          }),
        );
      }
      return emails;
    }

    async function claim(limit = 100, seconds = 0) {
      const messages = await subject.outboxFeed.claim(limit, LEASE_SECONDS, secondsAfter(now, seconds));
      return messages.map(({ id, event, attempts }) => ({ id, attempts, email: 'email' in event && event.email }));
    }

    it('hands messages out oldest first, as many as asked for', async () => {
      const emails = await add(5);

      expect((await claim(2)).map(({ email }) => email)).toEqual(emails.slice(0, 2));
      expect((await claim(2)).map(({ email }) => email)).toEqual(emails.slice(2, 4));
      expect((await claim(2)).map(({ email }) => email)).toEqual(emails.slice(4));
      expect(await claim()).toEqual([]);
    });

    it('hands each message to one of sixteen claimers', async () => {
      const emails = await add(24);

      const { succeeded } = await sixteenAtOnce(() => claim(2));

      const handedOut = succeeded.flat().map(({ email }) => email);
      expect(new Set(handedOut).size).toBe(handedOut.length);
      const rest = (await claim()).map(({ email }) => email);
      expect([...handedOut, ...rest].sort()).toEqual([...emails].sort());
    });

    it('hands a message out again under the same id when its lease has ended', async () => {
      await add(1);
      const [first] = await claim();

      expect(await claim(1, LEASE_SECONDS - 1)).toEqual([]);
      expect(await claim(1, LEASE_SECONDS)).toEqual([{ ...first, attempts: 2 }]);
      expect(first?.attempts).toBe(1);
    });

    it('forgets what is done', async () => {
      await add(3);
      const [one, two] = await claim();
      await subject.outboxFeed.done([one, two].flatMap((message) => message?.id ?? []));
      await subject.outboxFeed.done([]);

      expect(await claim(100, LEASE_SECONDS)).toHaveLength(1);
    });

    it('gives a postponed message back at its time, not before', async () => {
      await add(1);
      const [message] = await claim();
      await subject.outboxFeed.postpone(message?.id ?? '', secondsAfter(now, 300), 'mail server away');

      expect(await claim(1, 299)).toEqual([]);
      expect(await claim(1, 300)).toEqual([{ ...message, attempts: 2 }]);
    });

    it('gives a postponed message back before its lease would have ended', async () => {
      await add(1);
      const [message] = await claim();
      await subject.outboxFeed.postpone(message?.id ?? '', secondsAfter(now, 1), 'mail server away');

      expect(await claim(1, 1)).toHaveLength(1);
    });

    it('does not let a postponed message hold up the others', async () => {
      const [, second] = await add(2);
      const [message] = await claim(1);
      await subject.outboxFeed.postpone(message?.id ?? '', secondsAfter(now, 300), 'mail server away');

      expect((await claim()).map(({ email }) => email)).toEqual([second]);
    });

    it('never hands out what was buried', async () => {
      await add(1);
      const [message] = await claim();
      await subject.outboxFeed.bury(message?.id ?? '', 'no such mailbox', now);

      expect(await claim(100, 365 * 24 * 3600)).toEqual([]);
    });

    it('keeps what was buried for 30 days, since it names people', async () => {
      await add(2);
      const [message] = await claim(1);
      await subject.outboxFeed.bury(message?.id ?? '', 'no such mailbox', now);
      const sweptAfter = (seconds: number) => subject.housekeeping.sweep(secondsAfter(now, seconds), 100);
      const buried = async () => (await subject.backlog.look(now)).outbox.buried;

      expect([await sweptAfter(BURIED_KEPT_SECONDS - 1), await buried()]).toEqual([0, 1]);
      expect([await sweptAfter(BURIED_KEPT_SECONDS), await buried()]).toEqual([1, 0]);
      expect(await claim(100, BURIED_KEPT_SECONDS)).toHaveLength(1);
    });

    it('gives events as they were recorded', async () => {
      const [email] = await add(1);

      const [message] = await subject.outboxFeed.claim(1, LEASE_SECONDS, now);

      expect(message?.event).toEqual({
        type: 'password-reset-requested',
        projectId,
        email,
        dialect: 'gate',
        occurredAt: start.toISOString(),
      });
    });

    it('calls back after a commit that added messages, when they can be claimed', async () => {
      const called = new Promise<void>((resolve) => subject.outboxFeed.onAdded(resolve));
      await add(1);
      await called;

      expect(await claim()).toHaveLength(1);
    });
  });
}
