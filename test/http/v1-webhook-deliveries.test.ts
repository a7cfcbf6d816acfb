import { describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import { anId } from '../support/builders.ts';
import { NOT_FOUND, webhookStage } from './webhook-stage.ts';

const { receiver, by, aWebhook, deliver, told, rename } = webhookStage();

describe('GET /webhooks/{id}/deliveries', () => {
  const deliveriesOf = async (id: string, query = '') => (await by('GET', `/webhooks/${id}/deliveries${query}`)).body;

  it('says what became of each event', async () => {
    const { id } = await aWebhook({ eventTypes: ['tenant.updated'] });
    await rename('Delivered');
    await deliver();
    receiver.answer = () => ({ status: 500 });
    await rename('Not yet');
    await deliver();
    receiver.answer = () => {
      throw new IamError('unavailable', { retryAfterSeconds: 5 });
    };
    await rename('Nobody there');
    await deliver();
    const { data, pagination } = await deliveriesOf(id);
    expect(pagination).toEqual({ nextCursor: null, hasMore: false });
    const anEvent = { eventId: expect.stringMatching(/^[\da-f-]{36}$/), type: 'tenant.updated', attempts: 1 };
    const aMoment = expect.stringMatching(/Z$/);
    expect(data).toEqual([
      {
        ...anEvent,
        status: 'pending',
        lastAttemptAt: aMoment,
        nextAttemptAt: aMoment,
        lastStatus: null,
        lastError: 'no answer',
      },
      {
        ...anEvent,
        status: 'pending',
        lastAttemptAt: aMoment,
        nextAttemptAt: aMoment,
        lastStatus: 500,
        lastError: 'answered 500',
      },
      {
        ...anEvent,
        status: 'delivered',
        lastAttemptAt: aMoment,
        nextAttemptAt: null,
        lastStatus: 204,
        lastError: null,
      },
    ]);
  });

  it('comes in pages, whose cursors are of no use for another webhook', async () => {
    const { id } = await aWebhook({ eventTypes: ['tenant.updated'] });
    const other = await aWebhook({ eventTypes: ['tenant.updated'] });
    for (const name of ['a', 'b', 'c']) await rename(name);
    await deliver();
    const first = await by('GET', `/webhooks/${id}/deliveries?limit=2`);
    const { nextCursor } = first.body.pagination;
    expect(first.headers.get('Link')).toContain(`/api/v1/webhooks/${id}/deliveries?limit=2&cursor=${nextCursor}`);
    const second = await deliveriesOf(id, `?limit=2&cursor=${nextCursor}`);
    const ids = [...first.body.data, ...second.data].map(({ eventId }) => eventId);
    expect(ids).toEqual([...ids].sort().reverse());
    expect([ids.length, second.pagination.hasMore]).toEqual([3, false]);
    const elsewhere = await by('GET', `/webhooks/${other.id}/deliveries?cursor=${nextCursor}`);
    expect(elsewhere).toMatchObject({ status: 400, problem: 'invalid-cursor' });
  });

  it('tells once more of what was delivered, and of what happened before it was there', async () => {
    await rename('Before');
    await deliver();
    const [earlier] = (await by('GET', '/events?type=tenant.updated')).body.data;
    const { id, secret } = await aWebhook({ eventTypes: ['tenant.updated'] });
    await rename('After');
    await deliver();
    const [delivered] = (await deliveriesOf(id)).data;
    for (const eventId of [delivered.eventId, earlier.id]) {
      expect((await by('POST', `/webhooks/${id}/deliveries/${eventId}/redeliver`)).status).toBe(202);
    }
    await deliver();
    expect(told(secret).map((attempt) => attempt.id)).toEqual([
      delivered.eventId,
      ...[earlier.id, delivered.eventId].sort(),
    ]);
  });

  it('does not deliver once more what is not there, or to what is switched off', async () => {
    const { id } = await aWebhook({ eventTypes: ['tenant.updated'] });
    const redeliver = (eventId: string) => by('POST', `/webhooks/${id}/deliveries/${eventId}/redeliver`);
    for (const eventId of [anId<string>(), 'nonsense']) expect(await redeliver(eventId)).toMatchObject(NOT_FOUND);
    await rename('Anything');
    await deliver();
    await by('PATCH', `/webhooks/${id}`, { body: { enabled: false } });
    const [{ eventId }] = (await deliveriesOf(id)).data;
    expect(await redeliver(eventId)).toMatchObject({ status: 409, problem: 'conflict' });
  });
});
