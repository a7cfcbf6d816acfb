import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TenantOperator } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { EventId } from '../../src/domain/webhook/public-event.ts';
import type { WebhookView } from '../../src/domain/webhook/webhook-endpoint.ts';
import type { WebhookAnswer } from '../../src/ports/webhook-sender.ts';
import { aProjectOf, aRegisteredUser, at, type TestIam } from '../support/an-iam.ts';
import { anId } from '../support/builders.ts';
import { answerOf } from './recovery-person.ts';
import {
  aWebhookWorld,
  create,
  deliver,
  eventsOf,
  type InMemoryReceivers,
  keeperOf,
  publish,
} from './webhook-people.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const first = { after: undefined, limit: 20 };

let test: TestIam;
let receivers: InMemoryReceivers;
let keeper: TenantOperator;
let project: Awaited<ReturnType<typeof aProjectOf>>;
beforeAll(async () => {
  ({ test, receivers } = await aWebhookWorld());
});
beforeEach(async () => {
  answering({ status: 204 });
  receivers.attempts.length = 0;
  project = await aProjectOf(test);
  keeper = keeperOf(project);
});

afterEach(async () => {
  const { listWebhooks, removeWebhook } = test.iam.webhooks;
  for (const webhook of await listWebhooks.execute(keeper)) await removeWebhook.execute(keeper, webhook);
});

/** Something to tell. */
const happen = () => aRegisteredUser(test, at(project, 'gate'));
const hook = () => create(test, keeper, ['user.registered']);
const read = ({ id }: Pick<WebhookView, 'id'>) => test.iam.webhooks.readWebhook.execute(keeper, id);
const deliveriesOf = async ({ id }: Pick<WebhookView, 'id'>) =>
  (await test.iam.webhooks.listDeliveries.execute(keeper, id, first)).items;
const answering = (answer: WebhookAnswer | undefined) => {
  receivers.answer = () => answer;
};
/** Time passes, and whatever falls due is tried. */
async function pass(seconds: number, step: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    test.clock.advance(step);
    await deliver(test);
  }
}

describe('an event', () => {
  it('is told where it is wanted, by its id, signed with the secret', async () => {
    const { secret } = await hook();
    const { registered } = await happen();
    await deliver(test);
    const [event] = await eventsOf(test, keeper, 'user.registered');
    expect(receivers.attempts).toMatchObject([{ id: event?.id, timestamp: test.clock.now(), secrets: [secret] }]);
    expect(JSON.parse(receivers.attempts[0]?.body ?? '')).toEqual({
      type: 'user.registered',
      timestamp: event?.occurredAt.toISOString(),
      data: { userId: registered.user.id, dialect: 'gate' },
      sequence: 1,
      subject: { kind: 'user', id: registered.user.id },
    });
  });

  it('is told again later when the receiver does not take it, the same but for the moment', async () => {
    const { webhook } = await hook();
    await happen();
    answering(undefined);
    await deliver(test);
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'pending', attempts: 1, lastError: 'no answer' }]);
    answering({ status: 500 });
    await pass(10, 10);
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'pending', attempts: 2, lastStatus: 500 }]);
    answering({ status: 200 });
    await pass(HOUR, 60);
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'delivered', attempts: 3, lastStatus: 200 }]);
    const [one, ...others] = receivers.attempts;
    expect(others).toHaveLength(2);
    for (const attempt of others) expect({ ...attempt, timestamp: one?.timestamp }).toEqual(one);
    expect(others.map(({ timestamp }) => timestamp)).not.toContainEqual(one?.timestamp);
  });

  it('is given up after ten attempts, within four days', async () => {
    const { webhook } = await hook();
    await happen();
    answering(undefined);
    await deliver(test);
    await pass(4 * DAY, HOUR / 2);
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'failed', attempts: 10, nextAttemptAt: null }]);
    expect(receivers.attempts).toHaveLength(10);
    expect(await read(webhook)).toMatchObject({ enabled: true });
  });

  it('is told again when the process ended before it knew what had become of it', async () => {
    await hook();
    await happen();
    await publish(test);
    expect(await test.iam.webhooks.claimDeliveries.execute(10)).toHaveLength(1);

    const another = { iam: createIam(test.ports) };
    await deliver(another);
    expect(receivers.attempts).toEqual([]);
    test.clock.advance(60);
    await deliver(another);
    expect(receivers.attempts).toHaveLength(1);
  });

  it('is not lost when the secret cannot be opened, and the operator hears of it', async () => {
    const { webhook } = await hook();
    await happen();
    await publish(test);
    const { secretBox } = test.ports;
    const shut = {
      ...secretBox,
      open: () => {
        throw new Error('the key is gone');
      },
    };
    const { claimDeliveries, deliverWebhook } = createIam({
      ...test.ports,
      secretBox: shut,
      webhookSender: receivers,
    }).webhooks;
    for (const delivery of await claimDeliveries.execute(10))
      await expect(deliverWebhook.execute(delivery)).rejects.toThrow('the key is gone');
    expect(receivers.attempts).toEqual([]);
    const [waiting] = await deliveriesOf(webhook);
    expect(waiting).toMatchObject({ status: 'pending', lastStatus: null, lastError: null });
    await pass(60, 10);
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'delivered' }]);
  });
});

describe('a receiver', () => {
  it('has a day to change over to a new secret', async () => {
    const { webhook, secret } = await hook();
    const { rotateWebhookSecret } = test.iam.webhooks;
    const rotated = await rotateWebhookSecret.execute(keeper, webhook.id);
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.webhook.secretsLive).toBe(2);
    await happen();
    await deliver(test);
    test.clock.advance(DAY);
    expect(await read(webhook)).toMatchObject({ secretsLive: 1 });
    await happen();
    await deliver(test);
    expect(receivers.attempts.map(({ secrets }) => secrets)).toEqual([[rotated.secret, secret], [rotated.secret]]);
    expect(test.audited('webhook.secret-rotated', { entityId: webhook.id })).toHaveLength(1);
  });

  it('that is gone is told nothing any more', async () => {
    const { webhook } = await hook();
    await happen();
    answering({ status: 410 });
    await deliver(test);
    expect(receivers.attempts).toHaveLength(1);
    expect(await read(webhook)).toMatchObject({ enabled: false, disabledReason: 'gone' });
    const audited = test.audited('webhook.disabled', { entityId: webhook.id });
    expect(audited).toMatchObject([{ tenantId: keeper.tenantId, actorId: null, metadata: { reason: 'gone' } }]);
    await happen();
    await pass(DAY, HOUR);
    expect(receivers.attempts).toHaveLength(1);
    const [event] = await eventsOf(test, keeper, 'webhook.disabled');
    expect(event).toMatchObject({ subject: { kind: 'webhook', id: webhook.id }, data: { reason: 'gone' } });
  });

  it('that moved meanwhile is not switched off because nobody is left where it was', async () => {
    const { webhook } = await hook();
    await happen();
    await publish(test);
    const [delivery] = await test.iam.webhooks.claimDeliveries.execute(1);
    if (!delivery) throw new Error('nothing is due');
    await test.iam.webhooks.changeWebhook.execute(keeper, { id: webhook.id, url: 'https://new.example.test' });
    answering({ status: 410 });
    await test.iam.webhooks.deliverWebhook.execute(delivery);
    expect(await read(webhook)).toMatchObject({ enabled: true });
  });

  it('that took nothing for five days is switched off, and gets a clean slate', async () => {
    const { webhook } = await hook();
    answering({ status: 500 });
    for (let day = 0; day < 5; day += 1) {
      await happen();
      await deliver(test);
      expect(await read(webhook)).toMatchObject({ enabled: true });
      await pass(DAY - HOUR, HOUR);
    }
    await pass(DAY, HOUR);
    expect(await read(webhook)).toMatchObject({ enabled: false, disabledReason: 'failing' });
    expect(test.audited('webhook.disabled', { entityId: webhook.id })).toMatchObject([
      { metadata: { reason: 'failing' } },
    ]);

    await test.iam.webhooks.changeWebhook.execute(keeper, { id: webhook.id, enabled: true });
    await pass(DAY, HOUR);
    expect(await read(webhook)).toMatchObject({ enabled: true, disabledReason: null });
  });

  it('that took one of all is not switched off', async () => {
    const { webhook } = await hook();
    for (let day = 0; day < 8; day += 1) {
      await happen();
      answering({ status: day === 4 ? 204 : 500 });
      await deliver(test);
      answering({ status: 500 });
      await pass(DAY, HOUR);
    }
    expect(await read(webhook)).toMatchObject({ enabled: true });
  });
});

describe('asking for an event once more', () => {
  const redeliver = (webhook: WebhookView, eventId: EventId, by = keeper) =>
    test.iam.webhooks.redeliver.execute(by, { id: webhook.id, eventId });

  async function delivered(): Promise<{ readonly webhook: WebhookView; readonly eventId: EventId }> {
    const { webhook } = await hook();
    await happen();
    await deliver(test);
    const [delivery] = await deliveriesOf(webhook);
    if (!delivery) throw new Error('not delivered');
    return { webhook, eventId: delivery.eventId };
  }

  it('tells it again, also after it was taken, or given up', async () => {
    const { webhook, eventId } = await delivered();
    await redeliver(webhook, eventId);
    answering({ status: 500 });
    await deliver(test);
    await pass(4 * DAY, HOUR / 2);
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'failed', attempts: 10 }]);
    answering({ status: 204 });
    await redeliver(webhook, eventId);
    await deliver(test);
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    expect(new Set(receivers.attempts.map(({ id }) => id))).toEqual(new Set([eventId]));
    const audited = test.audited('webhook.redelivered', { entityId: webhook.id });
    expect(audited.map(({ metadata }) => metadata)).toEqual([{ eventId }, { eventId }]);
  });

  it('tells one of before the webhook was there', async () => {
    await happen();
    const [event] = await eventsOf(test, keeper, 'user.registered');
    const { webhook } = await create(test, keeper, ['role.*']);
    await redeliver(webhook, event?.id as EventId);
    await deliver(test);
    expect(receivers.attempts).toMatchObject([{ id: event?.id }]);
  });

  it('is refused for an event that is not the tenant’s, and for a webhook that is switched off', async () => {
    const { webhook, eventId } = await delivered();
    const other = await aProjectOf(test);
    const [theirs] = await eventsOf(test, keeperOf(other));
    expect(theirs).toBeDefined();
    expect(await answerOf(redeliver(webhook, theirs?.id as EventId))).toBe('not-found');
    expect(await answerOf(redeliver(webhook, anId()))).toBe('not-found');
    await test.iam.webhooks.changeWebhook.execute(keeper, { id: webhook.id, enabled: false });
    expect(await answerOf(redeliver(webhook, eventId))).toBe('conflict');
    await deliver(test);
    expect(receivers.attempts).toHaveLength(1);
  });
});
