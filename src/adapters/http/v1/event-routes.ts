import type { OpenAPIHono } from '@hono/zod-openapi';
import { EventId } from '../../../domain/webhook/public-event.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import * as contract from './event-contract.ts';
import { pageAnswer, pageRequest, readQuery } from './page.ts';
import { presentEvent } from './webhook-presenters.ts';

/** What a tenant was told, to be read again. */
export function eventRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { webhooks }, httpKey, publicUrl }: HttpDependencies,
  { administrator }: Doors,
): void {
  serve(routes, contract.listEvents, administrator('general'), async (c) => {
    const { projectId, tenantId } = c.get('administrator');
    const { after, type } = readQuery(c, contract.EventQuery);
    const cursors = new CursorCodec(httpKey, `events of ${projectId} ${tenantId} ${type}`, EventId);
    const request = pageRequest(c, cursors);
    const page = await webhooks.listEvents.execute(c.get('administrator'), {
      after: request.after ?? EventId.parse(after),
      type,
      limit: request.limit,
    });
    const address = `${publicUrl}/api/v1/events`;
    return pageAnswer(c, page, request, { present: presentEvent, cursors, address, filter: { type } });
  });
}
