import { and, asc, desc, eq, getTableColumns, lt, or } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import { type Database, given } from '../database.ts';
import { memberships, ownershipTransfers, tenants } from '../schema/index.ts';

export function tenantQueries(database: Database) {
  const { drizzle } = database;
  const byId = database.prepared(
    'tenant_by_id',
    drizzle
      .select()
      .from(tenants)
      .where(and(eq(tenants.projectId, given.value('projectId')), eq(tenants.id, given.value('id')))),
  );
  const ownedBy = database.prepared(
    'tenants_owned_by',
    drizzle
      .select()
      .from(tenants)
      .where(and(eq(tenants.projectId, given.value('projectId')), eq(tenants.ownerId, given.value('ownerId'))))
      .orderBy(asc(tenants.id)),
  );
  const ownershipTransfer = database.prepared(
    'ownership_transfer',
    drizzle
      .select()
      .from(ownershipTransfers)
      .where(
        and(
          eq(ownershipTransfers.projectId, given.value('projectId')),
          eq(ownershipTransfers.tenantId, given.value('tenantId')),
        ),
      ),
  );
  // By the tenants of the person: an offer is found by its tenant, and by nothing else.
  const transfersOfPerson = database.prepared(
    'ownership_transfers_of_person',
    drizzle
      .select(getTableColumns(ownershipTransfers))
      .from(memberships)
      .innerJoin(
        ownershipTransfers,
        and(
          eq(ownershipTransfers.projectId, memberships.projectId),
          eq(ownershipTransfers.tenantId, memberships.tenantId),
          or(eq(ownershipTransfers.ownerId, memberships.userId), eq(ownershipTransfers.newOwnerId, memberships.userId)),
        ),
      )
      .where(and(eq(memberships.projectId, given.value('projectId')), eq(memberships.userId, given.value('userId')))),
  );
  return {
    byId: (projectId: ProjectId, id: TenantId) => byId.one({ projectId, id }),
    ownedBy: (projectId: ProjectId, ownerId: UserId) => ownedBy.all({ projectId, ownerId }),
    ownershipTransfer: (projectId: ProjectId, tenantId: TenantId) => ownershipTransfer.one({ projectId, tenantId }),
    transfersOfPerson: (projectId: ProjectId, userId: UserId) => transfersOfPerson.all({ projectId, userId }),
    /** One more than the page holds, to tell whether there is more. */
    page: (projectId: ProjectId, { after, limit }: PageRequest<TenantId>) =>
      database.rows(
        drizzle
          .select()
          .from(tenants)
          .where(and(eq(tenants.projectId, projectId), after && lt(tenants.id, after)))
          .orderBy(desc(tenants.id))
          .limit(limit + 1),
      ),
  };
}
