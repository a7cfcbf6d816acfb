import { createRoute, z } from '@hono/zod-openapi';
import { answer, BEARER_OR_KEY, problems } from './documented.ts';
import { listOf, PageQuery } from './page.ts';

export const Event = z
  .object({
    id: z.string().openapi({ description: 'The `webhook-id` of its deliveries.' }),
    type: z.string(),
    subject: z.object({ kind: z.string(), id: z.string() }),
    sequence: z
      .int()
      .openapi({ description: '1, 2, 3 … of its subject, without a gap; a webhook is told those that it asks for.' }),
    tenantId: z.string().nullable(),
    data: z.record(z.string(), z.union([z.string(), z.boolean()]).nullable()),
    occurredAt: z.string(),
  })
  .openapi('Event');

export const EventQuery = z
  .object({
    after: z
      .guid()
      .toLowerCase()
      .optional()
      .openapi({ description: 'The last event that is known already', format: 'uuid' }),
    type: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .openapi({ description: 'A name, or every name under a prefix', example: 'user.*' }),
    cursor: PageQuery.shape.cursor,
  })
  .refine(({ after, cursor }) => after === undefined || cursor === undefined, {
    path: ['after'],
    message: 'must not stand beside cursor',
    params: { code: 'NOT_ALLOWED' },
  });

export const listEvents = createRoute({
  method: 'get',
  path: '/events',
  tags: ['Webhooks'],
  summary: 'What the tenant was told, oldest first: whoever reads on from the last event misses none',
  security: BEARER_OR_KEY,
  request: { query: EventQuery.safeExtend(PageQuery.shape) },
  responses: { 200: answer('One page', listOf(Event)), ...problems(400, 401, 403, 404) },
});
