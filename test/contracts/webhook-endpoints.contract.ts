import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookEndpoint } from '../../src/domain/webhook/webhook-endpoint.ts';
import { anId, aSealedSecret, aWebhook } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** Where tenants want to be told. */
export function describeWebhookEndpointsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`webhook endpoints: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 5);
    let subject: StoreSubject;
    let place: Place;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const save = (...endpoints: readonly WebhookEndpoint[]) =>
      subject.unitOfWork.run(async ({ webhookEndpoints }) => {
        for (const endpoint of endpoints) webhookEndpoints.save(endpoint);
      });
    const look = (endpoint: WebhookEndpoint, at = place) =>
      subject.webhookEndpointDirectory.byId(at.projectId, at.tenantId, endpoint.toState().id);
    const change = (
      endpoint: WebhookEndpoint,
      verb: (present: WebhookEndpoint) => void,
      wish: 'save' | 'remove' = 'save',
    ) =>
      subject.unitOfWork.run(async ({ webhookEndpoints }) => {
        const { projectId, tenantId, id } = endpoint.toState();
        const present = await webhookEndpoints.byId(projectId, tenantId, id);
        if (!present) throw new Error('not seeded');
        verb(present);
        webhookEndpoints[wish](present);
      });

    it('come back as they were created and changed', async () => {
      const bare = aWebhook(now, place);
      const full = aWebhook(now, {
        ...place,
        url: 'https://receiver.example.test/a?b="c"&d={e}\\',
        description: 'For the books',
        eventTypes: ['role.created', 'user.*'],
        createdBy: anId(),
      });
      await save(full, bare);
      expect(await look(bare)).toEqual(bare.toState());
      expect(await look(full)).toEqual(full.toState());

      const secret = aSealedSecret();
      await change(full, (present) => {
        present.rotateSecret(secret, later);
        present.change({ eventTypes: [], description: null }, later);
        present.disable('gone', later);
      });

      expect(await look(full)).toEqual({
        ...full.toState(),
        ...{ secret, previousSecret: full.toState().secret, previousSecretUntil: secondsAfter(later, 24 * 60 * 60) },
        ...{ eventTypes: [], description: null, enabled: false, disabledReason: 'gone', updatedAt: later },
      });
      await change(full, (present) => present.change({ enabled: true }, later));
      expect(await look(full)).toMatchObject({ enabled: true, disabledReason: null });
    });

    it('are listed and counted by tenant, oldest first', async () => {
      const [neighbour, stranger] = [
        await seedTenant(subject.unitOfWork, now, place),
        await seedProject(subject.unitOfWork, now),
      ];
      const own = [aWebhook(now, place), aWebhook(now, place)];
      await save(...own.toReversed(), aWebhook(now, neighbour), aWebhook(now, stranger));

      const ofTenant = await subject.webhookEndpointDirectory.ofTenant(place.projectId, place.tenantId);
      expect(ofTenant).toEqual(own.map((endpoint) => endpoint.toState()));
      const counts = await subject.unitOfWork.run(async ({ webhookEndpoints }) =>
        Promise.all([place, neighbour, stranger].map((at) => webhookEndpoints.countOf(at.projectId, at.tenantId))),
      );
      expect(counts).toEqual([2, 1, 1]);
    });

    it('are found in their tenant and project alone', async () => {
      const endpoint = aWebhook(now, place);
      await save(endpoint);
      const neighbour = await seedTenant(subject.unitOfWork, now, place);
      const elsewhere = { ...place, projectId: (await seedProject(subject.unitOfWork, now)).projectId };

      for (const at of [neighbour, elsewhere]) {
        expect(await look(endpoint, at)).toBeUndefined();
        const read = await subject.unitOfWork.run(({ webhookEndpoints }) =>
          webhookEndpoints.byId(at.projectId, at.tenantId, endpoint.toState().id),
        );
        expect(read).toBeUndefined();
      }
    });

    it('belong to a tenant that there is', async () => {
      await expect(save(aWebhook(now, { ...place, tenantId: anId() }))).rejects.toMatchObject({ code: 'conflict' });
    });

    it('are changed by one of sixteen that have seen the same', async () => {
      const endpoint = aWebhook(now, place);
      await save(endpoint);
      let waiting = 16;
      let open = () => {};
      const everybodyHasRead = new Promise<void>((resolve) => {
        open = resolve;
      });
      const rounds: number[] = [];
      await sixteenAtOnce((index) =>
        subject.unitOfWork.run(async ({ webhookEndpoints }) => {
          rounds.push(index);
          const present = await webhookEndpoints.byId(place.projectId, place.tenantId, endpoint.toState().id);
          waiting -= 1;
          if (waiting === 0) open();
          if (rounds.filter((round) => round === index).length === 1) await everybodyHasRead;
          else return;
          if (!present) throw new Error('not seeded');
          present.change({ description: `by ${index}` }, later);
          webhookEndpoints.save(present);
        }),
      );

      expect(rounds).toHaveLength(16 + 15);
    });

    it('go when they are removed, and with their tenant', async () => {
      const neighbour = await seedTenant(subject.unitOfWork, now, place);
      const [gone, goesAlong, stays] = [aWebhook(now, place), aWebhook(now, neighbour), aWebhook(now, place)];
      await save(gone, goesAlong, stays);
      await change(gone, (present) => present.remove(later), 'remove');
      await subject.unitOfWork.run(async ({ tenants }) => {
        const tenant = await tenants.byId(neighbour.projectId, neighbour.tenantId);
        if (!tenant) throw new Error('not seeded');
        tenants.remove(tenant);
      });

      expect(await look(gone)).toBeUndefined();
      expect(await look(goesAlong, neighbour)).toBeUndefined();
      expect(await look(stays)).toEqual(stays.toState());
    });
  });
}
