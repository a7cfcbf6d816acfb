import type { OpenAPIHono, z } from '@hono/zod-openapi';
import { type AuditRecord, AuditRecordId } from '../../../domain/audit/audit-record.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import * as contract from './audit-contract.ts';
import { CursorCodec } from './cursor.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { moment } from './moment.ts';
import { ndjson } from './ndjson.ts';
import { pageAnswer, pageRequest, readQuery } from './page.ts';

/** The audit trail of a tenant. */
export function auditRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { audit }, httpKey, publicUrl, logger }: HttpDependencies,
  { actor, administrator }: Doors,
): void {
  serve(routes, contract.listAuditRecords, administrator('general'), async (c) => {
    const { projectId, tenantId } = c.get('administrator');
    const query = readQuery(c, contract.AuditQuery);
    const filter = { ...query, from: query.from?.toISOString(), to: query.to?.toISOString() };
    const list = `audit of ${projectId} ${tenantId} ${JSON.stringify(filter)}`;
    const cursors = new CursorCodec(httpKey, list, AuditRecordId);
    const request = pageRequest(c, cursors);
    const page = await audit.readAuditRecords.execute(c.get('administrator'), query, request);
    const address = `${publicUrl}/api/v1/audit/records`;
    return pageAnswer(c, page, request, { present: presentAuditRecord, cursors, address, filter });
  });

  serve(routes, contract.exportAudit, actor('general'), async (c) => {
    const lines = await audit.exportAudit.execute(c.get('actor'));
    c.header('Content-Disposition', 'attachment; filename="audit.ndjson"');
    return ndjson(c, { logger }, lines);
  });

  serve(routes, contract.signAuditCheckpoints, actor('general'), async (c) =>
    ndjson(c, { logger }, await audit.signAuditCheckpoints.execute(c.get('actor'))),
  );
}

function presentAuditRecord(record: AuditRecord): z.output<typeof contract.AuditRecord> {
  const { id, action, entityType, entityId, userId, actorId, tenantId, ip, userAgent } = record;
  const { before, after, metadata, timestamp } = record;
  return {
    ...{ id, action, entityType, entityId, userId, actorId, tenantId, ip, userAgent },
    ...{ before, after, metadata, timestamp: moment(timestamp) },
  };
}
