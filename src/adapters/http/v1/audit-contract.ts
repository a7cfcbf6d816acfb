import { createRoute, z } from '@hono/zod-openapi';
import type { AuditEntry } from '../../../ports/audit-trail.ts';
import { answer, BEARER, BEARER_OR_KEY, problems } from './documented.ts';
import { momentField } from './fields.ts';
import { NDJSON } from './ndjson.ts';
import { listOf, PageQuery } from './page.ts';

const TAGS = ['Audit'];
const FIRST_YEAR = 1970;
const LAST_YEAR = 9999;

const detail = z.record(z.string(), z.unknown()).nullable();

export const AuditRecord = z
  .object({
    id: z.string(),
    action: z.string(),
    entityType: z.string(),
    entityId: z.string().nullable(),
    userId: z.string().nullable(),
    actorId: z.string().nullable(),
    tenantId: z.string().nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    before: detail,
    after: detail,
    metadata: detail,
    timestamp: z.string(),
  })
  .openapi('AuditRecord');

const ENTITY_TYPES = {
  user: true,
  session: true,
  tenant: true,
  role: true,
  module: true,
  invitation: true,
  project: true,
  'api-key': true,
  'signing-key': true,
  provider: true,
  webhook: true,
} as const satisfies Record<AuditEntry['entityType'], true>;

/** A moment that every store can keep. */
const filterMoment = momentField
  .transform((text) => new Date(text))
  .refine((moment) => moment.getUTCFullYear() >= FIRST_YEAR && moment.getUTCFullYear() <= LAST_YEAR, {
    message: 'is too far away',
    params: { code: 'NOT_ALLOWED' },
  });

export const AuditQuery = z
  .object({
    action: z
      .string()
      .max(128)
      .regex(/^[a-z-]+\.(?:\*|[a-z-]+(?:\.[a-z-]+)*(?:\.\*)?)$/)
      .optional()
      .openapi({ description: 'A name, or every name under a prefix', example: 'auth.*' }),
    entityType: z.enum(Object.keys(ENTITY_TYPES)).optional().openapi({ example: 'role' }),
    entityId: z
      .string()
      .min(1)
      .max(256)
      .regex(/^[^\p{Cc}]*$/u)
      .optional(),
    userId: z.guid().toLowerCase().optional().openapi({ description: 'The person it happened to', format: 'uuid' }),
    from: filterMoment.optional().openapi({ type: 'string', format: 'date-time', description: 'Not before' }),
    to: filterMoment.optional().openapi({ type: 'string', format: 'date-time', description: 'Before' }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'must be after from',
    params: { code: 'NOT_ALLOWED' },
  });

export const listAuditRecords = createRoute({
  method: 'get',
  path: '/audit/records',
  tags: TAGS,
  summary: 'What happened, newest first',
  security: BEARER_OR_KEY,
  request: { query: AuditQuery.safeExtend(PageQuery.shape) },
  responses: { 200: answer('One page', listOf(AuditRecord)), ...problems(400, 401, 403, 404) },
});

export const exportAudit = createRoute({
  method: 'get',
  path: '/audit/export',
  tags: TAGS,
  summary: 'The whole trail with its seals and a signed checkpoint, one JSON object a line',
  security: BEARER,
  responses: {
    200: { description: 'To be verified anywhere', content: { [NDJSON]: { schema: z.string() } } },
    ...problems(401, 403, 404),
  },
});

export const signAuditCheckpoints = createRoute({
  method: 'get',
  path: '/audit/checkpoints',
  tags: TAGS,
  summary: 'Where the trail stands now, signed, to be kept elsewhere',
  security: BEARER,
  responses: {
    200: { description: 'One line a chain', content: { [NDJSON]: { schema: z.string() } } },
    ...problems(401, 403, 404),
  },
});
