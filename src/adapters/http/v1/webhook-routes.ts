import type { OpenAPIHono } from '@hono/zod-openapi';
import { EventId } from '../../../domain/webhook/public-event.ts';
import { WebhookId } from '../../../domain/webhook/webhook-endpoint.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { assertAllowed } from './assert-allowed.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { etagOf, ifMatch, isKnownToCaller } from './etag.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { pageAnswer, pageRequest } from './page.ts';
import * as contract from './webhook-contract.ts';
import { presentDelivery, presentWebhook, presentWithSecret } from './webhook-presenters.ts';

/** Where a tenant is told of what happens to it. */
export function webhookRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { webhooks }, httpKey, publicUrl }: HttpDependencies,
  { administrator }: Doors,
  once: CreateOnce,
): void {
  serve(routes, contract.createWebhook, administrator('general'), async (c) => {
    const body = await readJson(c);
    const authorise = () => assertAllowed(c.get('administrator'), 'settings.update');
    return once(c, { body, secret: true, authorise }, async () => {
      const input = validated(contract.CreateWebhookInput, body);
      return c.json(presentWithSecret(await webhooks.createWebhook.execute(c.get('administrator'), input)), 201);
    });
  });

  serve(routes, contract.listWebhooks, administrator('general'), async (c) => {
    const all = await webhooks.listWebhooks.execute(c.get('administrator'));
    return c.json({ data: all.map(presentWebhook) });
  });

  serve(routes, contract.readWebhook, administrator('general'), async (c) => {
    const id = identifier(WebhookId, c.req.param('id'));
    const webhook = presentWebhook(await webhooks.readWebhook.execute(c.get('administrator'), id));
    return isKnownToCaller(c, webhook) ? c.body(null, 304) : c.json(webhook);
  });

  serve(routes, contract.changeWebhook, administrator('general'), async (c) => {
    const id = identifier(WebhookId, c.req.param('id'));
    const input = validated(contract.ChangeWebhookInput, await readJson(c));
    const change = { ...input, id, ifMatch: ifMatch(c, presentWebhook) };
    const webhook = presentWebhook(await webhooks.changeWebhook.execute(c.get('administrator'), change));
    c.header('ETag', etagOf(webhook));
    return c.json(webhook);
  });

  serve(routes, contract.removeWebhook, administrator('general'), async (c) => {
    const id = identifier(WebhookId, c.req.param('id'));
    await webhooks.removeWebhook.execute(c.get('administrator'), { id, ifMatch: ifMatch(c, presentWebhook) });
    return c.body(null, 204);
  });

  serve(routes, contract.rotateWebhookSecret, administrator('general'), async (c) => {
    const id = identifier(WebhookId, c.req.param('id'));
    const authorise = () => assertAllowed(c.get('administrator'), 'settings.update');
    // Of two secrets in a row the receiver would have neither.
    return once(c, { body: undefined, secret: true, authorise }, async () =>
      c.json(presentWithSecret(await webhooks.rotateWebhookSecret.execute(c.get('administrator'), id))),
    );
  });

  serve(routes, contract.listDeliveries, administrator('general'), async (c) => {
    const id = identifier(WebhookId, c.req.param('id'));
    const cursors = new CursorCodec(httpKey, `deliveries of ${id}`, EventId);
    const request = pageRequest(c, cursors);
    const page = await webhooks.listDeliveries.execute(c.get('administrator'), id, request);
    const items = page.items.map((delivery) => ({ ...delivery, id: delivery.eventId }));
    const address = `${publicUrl}/api/v1/webhooks/${id}/deliveries`;
    return pageAnswer(c, { ...page, items }, request, { present: presentDelivery, cursors, address });
  });

  serve(routes, contract.redeliver, administrator('general'), async (c) => {
    const id = identifier(WebhookId, c.req.param('id'));
    const eventId = identifier(EventId, c.req.param('eventId'));
    await webhooks.redeliver.execute(c.get('administrator'), { id, eventId });
    return c.body(null, 202);
  });
}
