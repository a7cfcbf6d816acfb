import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { User } from '../../src/domain/user/user.ts';
import type { EventId, PublishedEvent } from '../../src/domain/webhook/public-event.ts';
import type { EventPageRequest } from '../../src/ports/event-log.ts';
import { anEmail, anId, aSession, aUser, aWebhook } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** What was committed is told in one line, once it is published. */
export function describeEventLogContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`event log: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      user = await seedUser(subject.unitOfWork, now, place);
      await publishAll();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    async function publishAll(): Promise<void> {
      while ((await subject.eventLog.publish(7, now)) > 0);
    }

    /** One commit: a session in a tenant, told to it, of the subject `user`. */
    async function signIn(at = place, person = user, when = now): Promise<string> {
      const session = aSession(when, { ...at, userId: person.id });
      await subject.unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(session));
      return session.id;
    }

    const page = (at: Place, request: Partial<EventPageRequest> = {}) =>
      subject.eventLog.page(at, { after: undefined, type: undefined, limit: 100, ...request });
    async function toldTo(at: Place, request: Partial<EventPageRequest> = {}): Promise<readonly PublishedEvent[]> {
      return (await page(at, request))?.items ?? [];
    }
    const sessionsToldTo = async (at: Place) => await toldTo(at, { type: 'session.opened' });
    const lastToldTo = async (at: Place) => (await toldTo(at)).at(-1)?.id;

    it('shows what was committed once it is published, in the order of the commits', async () => {
      const sessions = [await signIn(), await signIn(), await signIn()];
      expect(await sessionsToldTo(place)).toEqual([]);

      expect(await subject.eventLog.publish(2, now)).toBe(2);
      expect((await sessionsToldTo(place)).map(({ data }) => data.sessionId)).toEqual(sessions.slice(0, 2));

      expect(await subject.eventLog.publish(2, now)).toBe(1);
      expect((await sessionsToldTo(place)).map(({ data }) => data.sessionId)).toEqual(sessions);
      expect(await subject.eventLog.publish(2, now)).toBe(0);
    });

    it('tells an event as it happened, by ids alone', async () => {
      const at = secondsAfter(now, 1);
      const sessionId = await signIn(place, user, at);
      await publishAll();

      const [event] = await sessionsToldTo(place);
      expect(event).toEqual({
        id: expect.any(String),
        projectId: place.projectId,
        tenantId: place.tenantId,
        type: 'session.opened',
        subject: { kind: 'user', id: user.id },
        data: { userId: user.id, tenantId: place.tenantId, sessionId, clientId: 'gate' },
        occurredAt: at,
        sequence: 2,
      });
      expect(await subject.eventLog.byId(place, event?.id as EventId)).toEqual(event);
    });

    it('tells what happened in one commit in the order in which it happened', async () => {
      const person = aUser(now, place);
      person.proveMailbox(now);
      await subject.unitOfWork.run(async ({ users }) => users.save(person));
      await publishAll();

      const told = (await toldTo(place)).filter((event) => event.subject.id === person.id);
      expect(told.map(({ type, sequence }) => [type, sequence])).toEqual([
        ['user.registered', 1],
        ['user.email.verified', 2],
      ]);
    });

    it('numbers what a tenant is told of a subject without a gap, every subject by itself', async () => {
      const other = await seedUser(subject.unitOfWork, now, place);
      for (const person of [user, other, user, user, other]) await signIn(place, person);
      await publishAll();

      const numbersOf = async ({ id }: User) =>
        (await toldTo(place)).filter((event) => event.subject.id === id).map(({ sequence }) => sequence);
      expect(await numbersOf(user)).toEqual([1, 2, 3, 4]);
      expect(await numbersOf(other)).toEqual([1, 2, 3]);
    });

    it('tells a tenant what is its own, and the root tenant what is of none besides, each with numbers of its own', async () => {
      const tenant = await seedTenant(subject.unitOfWork, now, place);
      const neighbour = await seedTenant(subject.unitOfWork, now, place);
      for (const at of [tenant, place, tenant, neighbour]) await signIn(at);
      await publishAll();

      const seen = async (at: Place) =>
        (await toldTo(at))
          .filter((event) => event.subject.id === user.id)
          .map(({ type, sequence, tenantId }) => [type, sequence, tenantId]);
      expect(await seen(tenant)).toEqual([
        ['session.opened', 1, tenant.tenantId],
        ['session.opened', 2, tenant.tenantId],
      ]);
      expect(await seen(neighbour)).toEqual([['session.opened', 1, neighbour.tenantId]]);
      expect(await seen(place)).toEqual([
        ['user.registered', 1, null],
        ['session.opened', 2, place.tenantId],
      ]);
      for (const event of await toldTo(tenant)) expect(event.tenantId).toBe(tenant.tenantId);
    });

    it('tells nothing of one project to another', async () => {
      const stranger = await seedProject(subject.unitOfWork, now);
      await signIn();
      await publishAll();

      expect((await toldTo(stranger)).length).toBeGreaterThan(0);
      for (const event of await toldTo(stranger)) expect(event.projectId).toBe(stranger.projectId);
      const [event] = await sessionsToldTo(place);
      expect(await subject.eventLog.byId(stranger, event?.id as EventId)).toBeUndefined();
      expect(await page(stranger, { after: event?.id })).toBeUndefined();
      // Nor to a tenant that only shares the id.
      expect(await toldTo({ ...place, projectId: stranger.projectId })).toEqual([]);
    });

    it('does not tell what was asked for by an address', async () => {
      const before = await lastToldTo(place);
      await subject.unitOfWork.run(async ({ events }) =>
        events.record({
          type: 'password-reset-requested',
          projectId: place.projectId,
          email: anEmail(),
          dialect: 'gate',
          occurredAt: now.toISOString(),
        }),
      );

      expect(await subject.eventLog.publish(10, now)).toBe(0);
      expect(await lastToldTo(place)).toBe(before);
    });

    it('tells nothing of a commit that was not', async () => {
      const lost = subject.unitOfWork.run(async ({ refreshTokens }) =>
        refreshTokens.save(aSession(now, { ...place, userId: anId() })),
      );
      await expect(lost).rejects.toMatchObject({ code: 'conflict' });

      expect(await subject.eventLog.publish(10, now)).toBe(0);
    });

    it('pages on from an event, to the last one', async () => {
      const sessions: string[] = [];
      for (let count = 0; count < 5; count += 1) sessions.push(await signIn());
      const start = await lastToldTo(place);
      await publishAll();

      const first = await page(place, { after: start, limit: 2 });
      expect(first?.items.map(({ data }) => data.sessionId)).toEqual(sessions.slice(0, 2));
      expect(first?.hasMore).toBe(true);
      const rest = await page(place, { after: first?.items.at(-1)?.id, limit: 3 });
      expect(rest?.items.map(({ data }) => data.sessionId)).toEqual(sessions.slice(2));
      expect(rest?.hasMore).toBe(false);
      expect(await page(place, { after: rest?.items.at(-1)?.id })).toEqual({ items: [], hasMore: false });
    });

    it('does not page on from what the reader was not told of, or not yet', async () => {
      const tenant = await seedTenant(subject.unitOfWork, now, place);
      await signIn(tenant);
      await publishAll();

      expect(await page(place, { after: anId<EventId>() })).toBeUndefined();
      expect(await page(place, { after: await lastToldTo(tenant) })).toBeUndefined();
      expect(await page(tenant, { after: await lastToldTo(place) })).toBeUndefined();
    });

    it('finds events by name and by prefix, and goes on from any', async () => {
      await signIn();
      await publishAll();
      const all = await toldTo(place);
      const typesOf = async (type: string) => [...new Set((await toldTo(place, { type })).map((event) => event.type))];

      expect(await typesOf('session.opened')).toEqual(['session.opened']);
      expect(await typesOf('session.*')).toEqual(['session.opened']);
      expect(await typesOf('role.*')).toEqual(['role.created']);
      expect(await typesOf('session')).toEqual([]);
      expect(await typesOf('sess.*')).toEqual([]);
      expect(await toldTo(place, { type: 'session.*', after: all[0]?.id })).toHaveLength(1);
      expect(await toldTo(place, { type: 'session.*', after: all.at(-1)?.id })).toEqual([]);
    });

    it('publishes each event once and without gaps, by however many publishers at once', async () => {
      const people = [user, await seedUser(subject.unitOfWork, now, place)];
      await publishAll();
      for (let count = 0; count < 24; count += 1) await signIn(place, people[count % 2]);

      const { succeeded, refused } = await sixteenAtOnce(() => subject.eventLog.publish(3, now));
      expect(refused).toEqual([]);
      await publishAll();

      const told = await sessionsToldTo(place);
      expect(told).toHaveLength(24);
      expect(new Set(told.map(({ id }) => id)).size).toBe(24);
      for (const { id } of people) {
        const numbers = told.filter((event) => event.subject.id === id).map(({ sequence }) => sequence);
        expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => index + 2));
      }
      expect(succeeded.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(24);
    });

    it('lets whoever reads on from the last event miss none, while others commit and publish', async () => {
      const sessions: string[] = [];
      let committing = true;
      const writers = sixteenAtOnce(async () => {
        for (let count = 0; count < 4; count += 1) sessions.push(await signIn());
      }).finally(() => {
        committing = false;
      });
      const seen: PublishedEvent[] = [];
      let after = await lastToldTo(place);
      for (let more = true; more; ) {
        const last = !committing;
        const [published] = await Promise.all([1, 2].map(() => subject.eventLog.publish(5, now)));
        const found = await toldTo(place, { after, limit: 10 });
        seen.push(...found);
        after = found.at(-1)?.id ?? after;
        more = !last || published !== 0 || found.length > 0;
      }

      expect((await writers).refused).toEqual([]);
      expect(seen.map(({ data }) => data.sessionId).sort()).toEqual(sessions.sort());
      expect(seen.map(({ sequence }) => sequence)).toEqual(seen.map((_, index) => index + 2));
    });

    it('forgets what is too old, a little at a time, published or not, and numbers on', async () => {
      const endpoint = aWebhook(now, place);
      await subject.unitOfWork.run(async ({ webhookEndpoints }) => webhookEndpoints.save(endpoint));
      await signIn(place, user, secondsAfter(now, -60));
      await signIn(place, user, secondsAfter(now, -60));
      await publishAll();
      await signIn(place, user, secondsAfter(now, -60));
      const old = secondsAfter(now, -30);
      const deliveries = async () => {
        const { id } = endpoint.toState();
        const request = { after: undefined, limit: 100 };
        const { items } = await subject.webhookDeliveries.page(place.projectId, place.tenantId, id, request);
        return items.filter(({ type }) => type === 'session.opened');
      };
      expect(await deliveries()).toHaveLength(2);

      const kept = (await toldTo(place)).filter(({ type }) => type !== 'session.opened');
      expect(await subject.eventLog.forget(old, 1)).toBe(1);
      expect(await sessionsToldTo(place)).toHaveLength(1);
      let gone = 1;
      for (let count = 1; count > 0; gone += count) count = await subject.eventLog.forget(old, 10);
      expect(gone).toBe(3);

      expect(await toldTo(place)).toEqual(kept);
      expect(await deliveries()).toEqual([]);
      expect(await subject.eventLog.publish(10, now)).toBe(0);
      await signIn();
      await publishAll();
      expect((await sessionsToldTo(place)).map(({ sequence }) => sequence)).toEqual([4]);
    });

    it('calls back after a commit that added events, when they can be published', async () => {
      const called = new Promise<void>((resolve) => subject.eventLog.onAdded(resolve));
      await signIn();
      await called;

      expect(await subject.eventLog.publish(10, now)).toBe(1);
    });
  });
}
