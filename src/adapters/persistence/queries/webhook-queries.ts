import { and, asc, eq, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { WebhookId } from '../../../domain/webhook/webhook-endpoint.ts';
import { type Database, given } from '../database.ts';
import { webhookEndpoints } from '../schema/index.ts';

export function webhookQueries(database: Database) {
  const { drizzle } = database;
  const isOfTenant = and(
    eq(webhookEndpoints.projectId, given.value('projectId')),
    eq(webhookEndpoints.tenantId, given.value('tenantId')),
  );
  const byId = database.prepared(
    'webhook_by_id',
    drizzle
      .select()
      .from(webhookEndpoints)
      .where(and(isOfTenant, eq(webhookEndpoints.id, given.value('id')))),
  );
  const ofTenant = database.prepared(
    'webhooks_of_tenant',
    drizzle.select().from(webhookEndpoints).where(isOfTenant).orderBy(asc(webhookEndpoints.id)),
  );
  const countOf = database.prepared(
    'webhooks_count',
    drizzle
      .select({ count: sql`count(*)`.mapWith(Number) })
      .from(webhookEndpoints)
      .where(isOfTenant),
  );
  return {
    byId: (projectId: ProjectId, tenantId: TenantId, id: WebhookId) => byId.one({ projectId, tenantId, id }),
    /** By id. */
    ofTenant: (projectId: ProjectId, tenantId: TenantId) => ofTenant.all({ projectId, tenantId }),
    countOf: async (projectId: ProjectId, tenantId: TenantId) =>
      (await countOf.one({ projectId, tenantId }))?.count ?? 0,
  };
}
