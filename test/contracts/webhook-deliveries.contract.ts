import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tenant } from '../../src/domain/tenant/tenant.ts';
import type { User } from '../../src/domain/user/user.ts';
import type { EventId } from '../../src/domain/webhook/public-event.ts';
import { type DeliveryOutcome, GIVEN_UP } from '../../src/domain/webhook/webhook-delivery.ts';
import type { WebhookEndpoint } from '../../src/domain/webhook/webhook-endpoint.ts';
import type { ClaimedDelivery, ClaimLimits } from '../../src/ports/webhook-deliveries.ts';
import { aSession, aWebhook } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const LEASE_SECONDS = 60;

/** What was published is told to every endpoint that wants it, at least once. */
export function describeWebhookDeliveriesContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`webhook deliveries: ${name}`, () => {
    const start = new Date();
    /** Later than any commit of the test. */
    const now = secondsAfter(start, 60);
    let subject: StoreSubject;
    let place: Place;
    let user: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, start);
      user = await seedUser(subject.unitOfWork, start, place);
      await publish();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    async function publish(when = start): Promise<void> {
      while ((await subject.eventLog.publish(100, when)) > 0);
    }

    async function signIn(count = 1, at = place): Promise<void> {
      const sessions = Array.from({ length: count }, () => aSession(start, { ...at, userId: user.id }));
      await subject.unitOfWork.run(async ({ refreshTokens }) => {
        for (const session of sessions) refreshTokens.save(session);
      });
      await publish();
    }

    /** For sessions alone, and nothing that is about webhooks themselves. */
    async function anEndpoint(at = place, eventTypes: readonly string[] = ['session.*']): Promise<WebhookEndpoint> {
      const endpoint = aWebhook(start, { ...at, eventTypes });
      await subject.unitOfWork.run(async ({ webhookEndpoints }) => webhookEndpoints.save(endpoint));
      return endpoint;
    }

    async function change(endpoint: WebhookEndpoint, verb: (present: WebhookEndpoint) => void): Promise<void> {
      const { projectId, tenantId, id } = endpoint.toState();
      await subject.unitOfWork.run(async ({ webhookEndpoints }) => {
        const present = await webhookEndpoints.byId(projectId, tenantId, id);
        if (!present) throw new Error('not seeded');
        verb(present);
        webhookEndpoints.save(present);
      });
    }

    const changeTenant = ({ projectId, tenantId }: Place, verb: (present: Tenant) => void) =>
      subject.unitOfWork.run(async ({ tenants }) => {
        const present = await tenants.byId(projectId, tenantId);
        if (!present) throw new Error('not seeded');
        verb(present);
        tenants.save(present);
      });

    const claim = (limits: Partial<ClaimLimits> = {}, seconds = 0) =>
      subject.webhookDeliveries.claim(
        { limit: 100, perEndpoint: 100, leaseSeconds: LEASE_SECONDS, ...limits },
        secondsAfter(now, seconds),
      );
    const claimOne = async (seconds = 0): Promise<ClaimedDelivery> => {
      const [claimed] = await claim({ limit: 1 }, seconds);
      if (!claimed) throw new Error('nothing is due');
      return claimed;
    };
    /** Claimers at once may come away empty: they come again. */
    async function claimAll(limits: Partial<ClaimLimits> = {}): Promise<readonly ClaimedDelivery[]> {
      const claimed = await claim(limits);
      return claimed.length === 0 ? [] : [...claimed, ...(await claimAll(limits))];
    }

    const delivered: DeliveryOutcome = { status: 'delivered', nextAttemptAt: null, lastStatus: 204, lastError: null };
    const failed: DeliveryOutcome = { status: 'failed', nextAttemptAt: null, lastStatus: 410, lastError: 'gone' };
    const postponed = (until: Date): DeliveryOutcome => ({
      ...{ status: 'pending', nextAttemptAt: until, lastStatus: null, lastError: 'no answer' },
    });
    const settle = (claimed: ClaimedDelivery, outcome: DeliveryOutcome, seconds = 0) =>
      subject.webhookDeliveries.settle(claimed, outcome, secondsAfter(now, seconds));
    const stateOf = (endpoint: WebhookEndpoint) => {
      const { projectId, tenantId, id } = endpoint.toState();
      return subject.webhookEndpointDirectory.byId(projectId, tenantId, id);
    };
    const redeliver = (endpoint: WebhookEndpoint, eventId: EventId, seconds = 0) =>
      subject.unitOfWork.run(async ({ webhookEndpoints }) =>
        webhookEndpoints.redeliver(endpoint, eventId, secondsAfter(now, seconds)),
      );
    const listed = async (endpoint: WebhookEndpoint, after?: EventId, limit = 100) => {
      const { projectId, tenantId, id } = endpoint.toState();
      return subject.webhookDeliveries.page(projectId, tenantId, id, { after, limit });
    };
    const urlsOf = (deliveries: readonly ClaimedDelivery[]) => deliveries.map(({ endpoint }) => endpoint.id);

    it('are made for every endpoint of the tenant that wants the event', async () => {
      const wanting = [
        await anEndpoint(),
        await anEndpoint(place, ['role.deleted', 'session.opened']),
        await anEndpoint(place, []),
      ];
      await anEndpoint(place, ['role.*', 'session.ended']);
      await publish();
      for (const claimed of await claim()) await settle(claimed, delivered);
      await signIn();

      const ids = wanting.map((endpoint) => endpoint.toState().id);
      expect(urlsOf(await claim()).sort()).toEqual(ids.sort());
    });

    it('are made for no endpoint of another tenant, and for the root tenant’s of what is of none', async () => {
      const neighbour = await seedTenant(subject.unitOfWork, start, place);
      const root = await anEndpoint(place, ['user.registered', 'session.*']);
      const theirs = await anEndpoint(neighbour, ['user.registered', 'session.*']);
      const stranger = await seedProject(subject.unitOfWork, start);
      await anEndpoint(stranger, ['user.registered', 'session.*']);
      await publish();
      await seedUser(subject.unitOfWork, start, neighbour);
      await signIn(1, neighbour);

      expect((await claim()).map(({ endpoint, event }) => [endpoint.id, event.type])).toEqual([
        [root.toState().id, 'user.registered'],
        [theirs.toState().id, 'session.opened'],
      ]);
    });

    it('are not made for an endpoint that was not there yet, or is switched off', async () => {
      const off = await anEndpoint();
      await change(off, (present) => present.disable('gone', start));
      await signIn();
      await anEndpoint();

      expect(await claim()).toEqual([]);
      await change(off, (present) => present.change({ enabled: true }, start));
      expect(await claim()).toEqual([]);
    });

    it('are claimed with the endpoint and the event as they are', async () => {
      const endpoint = await anEndpoint();
      await signIn();
      const [event] =
        (await subject.eventLog.page(place, { after: undefined, type: 'session.opened', limit: 1 }))?.items ?? [];

      expect(await claim()).toEqual([{ endpoint: endpoint.toState(), event, attempt: 1 }]);
    });

    it('are claimed the longest due first, of every endpoint one before the second of any', async () => {
      const [busy, quiet] = [await anEndpoint(), await anEndpoint(place, ['user.*'])];
      await signIn(3);
      await seedUser(subject.unitOfWork, start, place);
      await publish(secondsAfter(start, 5));

      const ids = urlsOf(await claim({ limit: 3 }));
      expect(ids).toEqual([busy, quiet, busy].map((endpoint) => endpoint.toState().id));
      expect(urlsOf(await claim())).toEqual([busy.toState().id]);
      expect(await claim()).toEqual([]);
    });

    it('are claimed once each by sixteen deliverers at once', async () => {
      await anEndpoint();
      await anEndpoint();
      await signIn(24);

      const { succeeded, refused } = await sixteenAtOnce(() => claim({ limit: 3 }));
      expect(refused).toEqual([]);
      const keyOf = ({ endpoint, event }: ClaimedDelivery) => `${endpoint.id} ${event.id}`;
      const all = [...succeeded.flat(), ...(await claimAll())].map(keyOf);

      expect(succeeded.flat().length).toBeGreaterThan(0);
      expect(all).toHaveLength(48);
      expect(new Set(all).size).toBe(48);
    });

    it('are under way for one endpoint no more than a few at once, whoever claims them', async () => {
      const [hanging, other] = [await anEndpoint(), await anEndpoint(place, ['user.*'])];
      await signIn(12);
      const { succeeded } = await sixteenAtOnce(() => claim({ limit: 3, perEndpoint: 4 }));
      const underWay = [...succeeded.flat(), ...(await claimAll({ perEndpoint: 4 }))];
      expect(urlsOf(underWay)).toEqual(Array.from({ length: 4 }, () => hanging.toState().id));

      // Whatever waits there holds up nobody else.
      await seedUser(subject.unitOfWork, start, place);
      await publish(secondsAfter(start, 5));
      expect(urlsOf(await claim({ limit: 1, perEndpoint: 4 }))).toEqual([other.toState().id]);

      const [first] = underWay;
      if (!first) throw new Error('unreachable');
      await settle(first, delivered);
      expect(urlsOf(await claimAll({ perEndpoint: 4 }))).toEqual([hanging.toState().id]);
    });

    it('are claimed of a tenant with nothing under way before any of one that has something', async () => {
      for (let count = 0; count < 24; count += 1) await anEndpoint();
      const neighbour = await seedTenant(subject.unitOfWork, start, place);
      const theirs = await anEndpoint(neighbour);
      await signIn(6);
      await claim({ limit: 8, perEndpoint: 4 });

      await subject.unitOfWork.run(async ({ refreshTokens }) =>
        refreshTokens.save(aSession(start, { ...neighbour, userId: user.id })),
      );
      await publish(secondsAfter(start, 5));
      expect(urlsOf(await claim({ limit: 1, perEndpoint: 4 }))).toEqual([theirs.toState().id]);
    });

    it('are claimed of every tenant as many as of any other, what is under way included', async () => {
      const neighbour = await seedTenant(subject.unitOfWork, start, place);
      for (let count = 0; count < 3; count += 1) await anEndpoint();
      await anEndpoint(neighbour);
      await signIn(2);
      await claim({ limit: 2 });
      await signIn(4, neighbour);

      const { tenantId } = neighbour;
      const tenants = (await claim({ limit: 6 })).map(({ endpoint }) => endpoint.tenantId === tenantId);
      expect(tenants.slice(0, 2)).toEqual([true, true]);
      expect(tenants.filter((isTheirs) => isTheirs)).toHaveLength(4);
    });

    it('of an endpoint switched off while they are under way still count as their tenant’s', async () => {
      const neighbour = await seedTenant(subject.unitOfWork, start, place);
      const off = await anEndpoint();
      await signIn();
      await claimOne();
      await change(off, (present) => present.disable('gone', now));
      await anEndpoint();
      const theirs = await anEndpoint(neighbour);
      await signIn();
      await signIn(1, neighbour);

      expect((await claimOne()).endpoint.id).toEqual(theirs.toState().id);
    });

    it('are tried one at a time while attempts at their endpoint fail', async () => {
      const endpoint = await anEndpoint();
      await signIn(12);
      const [first] = await claim({ limit: 1, perEndpoint: 4 });
      if (!first) throw new Error('unreachable');
      await settle(first, postponed(secondsAfter(now, 300)));

      const [next, ...others] = await claimAll({ perEndpoint: 4 });
      expect([next?.endpoint.id, others]).toEqual([endpoint.toState().id, []]);
      if (!next) throw new Error('unreachable');
      await settle(next, delivered);
      expect(await claimAll({ perEndpoint: 4 })).toHaveLength(4);
    });

    it('come back when a lease has ended, and what the first attempt came to is not asked any more', async () => {
      const endpoint = await anEndpoint();
      await signIn();
      const first = await claimOne();
      expect(await claim({}, LEASE_SECONDS - 1)).toEqual([]);

      const second = await claimOne(LEASE_SECONDS);
      expect(second).toEqual({ ...first, attempt: 2 });
      await settle(first, failed, LEASE_SECONDS + 1);
      expect((await listed(endpoint)).items).toMatchObject([{ status: 'pending', attempts: 2, lastStatus: null }]);
      await settle(second, delivered, LEASE_SECONDS + 2);
      expect((await listed(endpoint)).items).toMatchObject([{ status: 'delivered', attempts: 2 }]);
    });

    it('are tried again when it is time, and never again once they are delivered or have failed', async () => {
      const endpoint = await anEndpoint();
      await signIn(3);
      const [one, two, three] = await claim();
      if (!one || !two || !three) throw new Error('unreachable');
      await settle(one, delivered);
      await settle(two, failed);
      await settle(three, postponed(secondsAfter(now, 300)));

      expect(await claim({}, 299)).toEqual([]);
      expect(await claim({}, 300)).toEqual([{ ...three, endpoint: expect.anything(), attempt: 2 }]);
      expect(await claim({}, 365 * 24 * 3600)).toMatchObject([{ event: three.event }]);
      expect((await listed(endpoint)).hasMore).toBe(false);
    });

    it('are listed with what became of them, newest first', async () => {
      const endpoint = await anEndpoint();
      await signIn();
      await signIn();
      await signIn();
      const [one, two, three] = await claim();
      if (!one || !two || !three) throw new Error('unreachable');
      const until = secondsAfter(now, 300);
      await settle(one, delivered);
      await settle(two, postponed(until));

      const about = { type: 'session.opened', attempts: 1, lastAttemptAt: now };
      const expected = [
        { ...about, eventId: three.event.id, status: 'pending', lastStatus: null, lastError: null },
        { ...about, eventId: two.event.id, status: 'pending', lastStatus: null, lastError: 'no answer' },
        { ...about, eventId: one.event.id, status: 'delivered', lastStatus: 204, lastError: null },
      ];
      const nexts = [secondsAfter(now, LEASE_SECONDS), until, null];
      const all = expected.map((delivery, index) => ({ ...delivery, nextAttemptAt: nexts[index] }));
      expect(await listed(endpoint)).toEqual({ items: all, hasMore: false });
      expect(await listed(endpoint, undefined, 2)).toEqual({ items: all.slice(0, 2), hasMore: true });
      expect(await listed(endpoint, two.event.id)).toEqual({ items: all.slice(2), hasMore: false });
    });

    it('are listed for their endpoint, tenant and project alone', async () => {
      const [endpoint, other] = [await anEndpoint(), await anEndpoint(place, ['role.*'])];
      await signIn();
      const { projectId, tenantId, id } = endpoint.toState();
      const elsewhere = await seedProject(subject.unitOfWork, start);
      const request = { after: undefined, limit: 10 };

      expect((await listed(other)).items).toEqual([]);
      for (const [project, tenant] of [
        [projectId, elsewhere.tenantId],
        [elsewhere.projectId, tenantId],
      ] as const) {
        expect((await subject.webhookDeliveries.page(project, tenant, id, request)).items).toEqual([]);
      }
    });

    it('tell since when every attempt at an endpoint has failed', async () => {
      const endpoint = await anEndpoint();
      await signIn(4);
      const [one, two, three, four] = await claim();
      if (!one || !two || !three || !four) throw new Error('unreachable');

      await settle(one, postponed(secondsAfter(now, 300)), 1);
      await settle(two, failed, 2);
      expect((await stateOf(endpoint))?.failingSince).toEqual(secondsAfter(now, 1));
      await settle(three, delivered, 3);
      expect((await stateOf(endpoint))?.failingSince).toBeNull();
      await settle(four, failed, 4);
      expect((await stateOf(endpoint))?.failingSince).toEqual(secondsAfter(now, 4));
    });

    it('tell nothing of an endpoint that has moved since they were claimed', async () => {
      const endpoint = await anEndpoint();
      await signIn(2);
      const [one, two] = await claim();
      if (!one || !two) throw new Error('unreachable');
      await settle(one, failed);
      await change(endpoint, (present) => present.change({ url: 'https://elsewhere.example.test' }, now));
      await settle(two, failed, 1);

      expect((await stateOf(endpoint))?.failingSince).toBeNull();
      expect((await listed(endpoint)).items).toMatchObject([{ status: 'failed' }, { status: 'failed' }]);
    });

    it('lose nothing of what somebody changes about the endpoint meanwhile, nor the other way round', async () => {
      const endpoint = await anEndpoint();
      await signIn();
      const claimed = await claimOne();
      const { projectId, tenantId, id } = endpoint.toState();
      await subject.unitOfWork.run(async ({ webhookEndpoints }) => {
        const present = await webhookEndpoints.byId(projectId, tenantId, id);
        if (!present) throw new Error('not seeded');
        await settle(claimed, failed);
        present.change({ description: 'Changed' }, now);
        webhookEndpoints.save(present);
      });

      expect(await stateOf(endpoint)).toMatchObject({ description: 'Changed', failingSince: now });
    });

    it('that fall due while their endpoint is switched off have failed, and others go on once it is on', async () => {
      const endpoint = await anEndpoint();
      await signIn(3);
      const [one, two, three] = await claim();
      if (!one || !two || !three) throw new Error('unreachable');
      await settle(one, postponed(secondsAfter(now, 300)));
      await settle(two, postponed(secondsAfter(now, 900)));
      await change(endpoint, (present) => present.change({ enabled: false }, now));
      expect(await claim({}, 600)).toEqual([]);
      await settle(three, delivered, 601);
      await change(endpoint, (present) => present.change({ enabled: true }, now));

      const vain = { status: 'failed', nextAttemptAt: null, lastStatus: null, lastError: GIVEN_UP, attempts: 1 };
      const { items } = await listed(endpoint);
      expect(items.find(({ eventId }) => eventId === one.event.id)).toMatchObject(vain);
      // Nobody asks any more what became of an attempt whose lease had ended.
      expect(items.find(({ eventId }) => eventId === three.event.id)).toMatchObject(vain);
      expect(await claim({}, 899)).toEqual([]);
      expect(await claim({}, 900)).toMatchObject([{ event: two.event, attempt: 2 }]);
    });

    it('under way while their endpoint is switched off come to their end', async () => {
      const endpoint = await anEndpoint();
      await signIn();
      const claimed = await claimOne();
      await change(endpoint, (present) => present.change({ enabled: false }, now));
      expect(await claim({}, LEASE_SECONDS - 1)).toEqual([]);
      await settle(claimed, delivered, LEASE_SECONDS - 1);
      expect((await listed(endpoint)).items).toMatchObject([{ status: 'delivered' }]);
    });

    it('are neither made nor claimed while their tenant is blocked, and what falls due has failed', async () => {
      const tenant = await seedTenant(subject.unitOfWork, start, place);
      const [theirs, own] = [await anEndpoint(tenant), await anEndpoint()];
      await signIn(1, tenant);
      await changeTenant(tenant, (present) => present.block(start));
      await signIn(1, tenant);
      await signIn();

      expect(urlsOf(await claim())).toEqual([own.toState().id]);
      expect((await listed(theirs)).items).toMatchObject([
        { status: 'failed', nextAttemptAt: null, attempts: 0, lastStatus: null, lastError: GIVEN_UP },
      ]);
      await changeTenant(tenant, (present) => present.unblock(start));
      expect(await claim()).toEqual([]);
      await signIn(1, tenant);
      expect(urlsOf(await claim())).toEqual([theirs.toState().id]);
    });

    it('begin anew when somebody asks for it, whatever became of them', async () => {
      const endpoint = await anEndpoint();
      await signIn(3);
      const [one, two, three] = await claim();
      if (!one || !two || !three) throw new Error('unreachable');
      await settle(two, failed);
      await settle(three, postponed(secondsAfter(now, 3600)));
      await settle(one, delivered);
      for (const { event } of [one, two, three]) await redeliver(endpoint, event.id, 1);

      expect(await claim({}, 0)).toEqual([]);
      expect((await claim({}, 1)).map(({ event, attempt }) => [event.id, attempt])).toEqual(
        [one, two, three].map(({ event }) => [event.id, 1]),
      );
    });

    it('are made when somebody asks for an event that the endpoint was not told of', async () => {
      await signIn();
      const endpoint = await anEndpoint(place, ['role.*']);
      const told = await subject.eventLog.page(place, { after: undefined, type: 'session.*', limit: 1 });
      const [event] = told?.items ?? [];
      await redeliver(endpoint, event?.id as EventId);

      expect(await claim()).toEqual([{ endpoint: endpoint.toState(), event, attempt: 1 }]);
    });

    it('come to their end first when they are under way and somebody asks for them again', async () => {
      const endpoint = await anEndpoint();
      await signIn();
      const first = await claimOne();
      await redeliver(endpoint, first.event.id, 1);
      await settle(first, delivered, 2);

      expect(await claim({}, LEASE_SECONDS - 1)).toEqual([]);
      expect(await claim({}, LEASE_SECONDS)).toEqual([first]);
    });

    it('are not made of an event that the tenant is not told of', async () => {
      const neighbour = await seedTenant(subject.unitOfWork, start, place);
      const endpoint = await anEndpoint();
      await signIn(1, neighbour);
      const theirs = await subject.eventLog.page(neighbour, { after: undefined, type: 'session.*', limit: 1 });
      const eventId = theirs?.items[0]?.id as EventId;
      expect(eventId).toBeDefined();

      await expect(redeliver(endpoint, eventId)).rejects.toMatchObject({ code: 'conflict' });
      expect(await claim()).toEqual([]);
    });

    it('go with their endpoint, also while they are under way', async () => {
      const endpoint = await anEndpoint();
      await signIn(2);
      const claimed = await claimOne();
      await subject.unitOfWork.run(async ({ webhookEndpoints }) => {
        const { projectId, tenantId, id } = endpoint.toState();
        const present = await webhookEndpoints.byId(projectId, tenantId, id);
        if (!present) throw new Error('not seeded');
        webhookEndpoints.remove(present);
      });
      await settle(claimed, delivered);

      expect(await claim()).toEqual([]);
      expect((await listed(endpoint)).items).toEqual([]);
    });
  });
}
