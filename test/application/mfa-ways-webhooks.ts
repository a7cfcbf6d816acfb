import { operatorIn } from '../../src/application/actor.ts';
import type { EventId } from '../../src/domain/webhook/public-event.ts';
import type { WebhookId } from '../../src/domain/webhook/webhook-endpoint.ts';
import type { Person, WaysOf } from './mfa-person.ts';

const url = 'https://receiver.example.test/hooks';
const id = '0190a3a0-0000-7000-8000-000000000000' as WebhookId;
const eventId = id as string as EventId;
const first = { after: undefined, limit: 20 };

/** What the world is told, and where: nothing of it opens anything. */
export const WAYS_OF_WEBHOOKS = {
  'webhooks.createWebhook': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.createWebhook.execute(actor, { url })],
    ['for the root tenant', 'nothing', (person) => person.iam.webhooks.createWebhook.execute(keeper(person), { url })],
  ],
  'webhooks.listWebhooks': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.listWebhooks.execute(actor)],
  ],
  'webhooks.readWebhook': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.readWebhook.execute(actor, id)],
  ],
  'webhooks.changeWebhook': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.changeWebhook.execute(actor, { id, url })],
  ],
  'webhooks.removeWebhook': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.removeWebhook.execute(actor, { id })],
  ],
  'webhooks.rotateWebhookSecret': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.rotateWebhookSecret.execute(actor, id)],
  ],
  'webhooks.listDeliveries': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.listDeliveries.execute(actor, id, first)],
  ],
  'webhooks.redeliver': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.redeliver.execute(actor, { id, eventId })],
  ],
  'webhooks.listEvents': [
    ['by the person', 'forbidden', ({ iam, actor }) => iam.webhooks.listEvents.execute(actor, { limit: 20 })],
    [
      'of the root tenant',
      'nothing',
      (person) => person.iam.webhooks.listEvents.execute(keeper(person), { limit: 100 }),
    ],
  ],
  'webhooks.publishEvents': [['as it is', 'nothing', ({ iam }) => iam.webhooks.publishEvents.execute(1000)]],
  'webhooks.claimDeliveries': [['as it is', 'nothing', ({ iam }) => iam.webhooks.claimDeliveries.execute(1)]],
  'webhooks.deliverWebhook': [['what is due', 'nothing', deliver]],
  'webhooks.forgetEvents': [['as it is', 'nothing', ({ iam }) => iam.webhooks.forgetEvents.execute(1000)]],
} as const satisfies WaysOf<'webhooks'>;

function keeper({ project }: Person) {
  return operatorIn(project.id, project.rootTenantId);
}

async function deliver({ iam }: Person): Promise<unknown> {
  await iam.webhooks.publishEvents.execute(1000);
  const due = await iam.webhooks.claimDeliveries.execute(1);
  return Promise.all(due.map((delivery) => iam.webhooks.deliverWebhook.execute(delivery)));
}
