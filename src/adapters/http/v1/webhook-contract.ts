import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER_OR_KEY, NO_CONTENT, problems, takes } from './documented.ts';
import { remarkField, webAddressField } from './fields.ts';
import { listOf, PageQuery } from './page.ts';

const TAGS = ['Webhooks'];

const webhookFields = {
  id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  eventTypes: z.array(z.string()).readonly().openapi({ description: 'None: all.' }),
  enabled: z.boolean(),
  disabledReason: z
    .enum(['gone', 'failing'])
    .nullable()
    .openapi({ description: '`gone`: it answered 410; `failing`: nothing came through for five days.' }),
  secretsLive: z.int().openapi({ description: 'Two for a day after a rotation: both sign.' }),
  createdAt: z.string(),
};

/** As it is kept; its secret is never shown again. */
export const Webhook = z.object(webhookFields).openapi('Webhook');

export const WebhookWithSecret = z
  .object({ ...webhookFields, secret: z.string().openapi({ description: 'Shown this once.' }) })
  .openapi('WebhookWithSecret');

export const WebhookDelivery = z
  .object({
    eventId: z.string(),
    type: z.string(),
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.int(),
    lastAttemptAt: z.string().nullable(),
    nextAttemptAt: z.string().nullable(),
    lastStatus: z.int().nullable().openapi({ description: 'Of HTTP; `null` where there was no answer.' }),
    lastError: z.string().nullable(),
  })
  .openapi('WebhookDelivery');

const urlField = webAddressField.openapi({
  description: 'Of the open network; https.',
  example: 'https://hooks.example.com/castellan',
});
const eventTypesField = z
  .array(z.string().min(1).max(128))
  .openapi({ description: 'Names of events, and prefixes of some. None: all.', example: ['user.*', 'role.created'] });
const descriptionField = remarkField.nullable().optional();

export const CreateWebhookInput = z.object({
  url: urlField,
  description: descriptionField,
  eventTypes: eventTypesField.optional(),
});

export const ChangeWebhookInput = z.object({
  url: urlField.optional(),
  description: descriptionField,
  eventTypes: eventTypesField.optional(),
  enabled: z.boolean().optional(),
});

const idParam = z.object({ id: z.string() });

export const createWebhook = createRoute({
  method: 'post',
  path: '/webhooks',
  tags: TAGS,
  summary: 'Be told at an address of what happens from now on; the secret that signs it is shown this once',
  security: BEARER_OR_KEY,
  request: takes(CreateWebhookInput),
  responses: { 201: answer('Created', WebhookWithSecret), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listWebhooks = createRoute({
  method: 'get',
  path: '/webhooks',
  tags: TAGS,
  summary: 'The webhooks of the tenant',
  security: BEARER_OR_KEY,
  responses: {
    200: answer('All webhooks', z.object({ data: z.array(Webhook).readonly() })),
    ...problems(401, 403, 404),
  },
});

export const readWebhook = createRoute({
  method: 'get',
  path: '/webhooks/{id}',
  tags: TAGS,
  summary: 'One webhook',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: {
    200: answer('The webhook', Webhook),
    304: { description: 'As the caller knows it' },
    ...problems(401, 403, 404),
  },
});

export const changeWebhook = createRoute({
  method: 'patch',
  path: '/webhooks/{id}',
  tags: TAGS,
  summary: 'Change where a webhook goes and what it is told, or switch it on or off',
  security: BEARER_OR_KEY,
  request: { params: idParam, ...takes(ChangeWebhookInput) },
  responses: { 200: answer('The webhook, changed', Webhook), ...problems(400, 401, 403, 404, 409, 412) },
});

export const removeWebhook = createRoute({
  method: 'delete',
  path: '/webhooks/{id}',
  tags: TAGS,
  summary: 'Remove a webhook, and what was still to be delivered to it',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: { 204: NO_CONTENT, ...problems(401, 403, 404, 409, 412) },
});

export const rotateWebhookSecret = createRoute({
  method: 'post',
  path: '/webhooks/{id}/rotate-secret',
  tags: TAGS,
  summary: 'Have a new secret, shown this once; the one until now signs as well for a day',
  security: BEARER_OR_KEY,
  request: { params: idParam },
  responses: { 200: answer('Rotated', WebhookWithSecret), ...problems(400, 401, 403, 404, 409, 422) },
});

export const listDeliveries = createRoute({
  method: 'get',
  path: '/webhooks/{id}/deliveries',
  tags: TAGS,
  summary: 'What became of the events that a webhook was to be told, newest first',
  security: BEARER_OR_KEY,
  request: { params: idParam, query: PageQuery },
  responses: { 200: answer('One page', listOf(WebhookDelivery)), ...problems(400, 401, 403, 404) },
});

export const redeliver = createRoute({
  method: 'post',
  path: '/webhooks/{id}/deliveries/{eventId}/redeliver',
  tags: TAGS,
  summary: 'Deliver an event once more, or for the first time',
  security: BEARER_OR_KEY,
  request: { params: idParam.extend({ eventId: z.string() }) },
  responses: { 202: { description: 'On its way' }, ...problems(401, 403, 404, 409) },
});
