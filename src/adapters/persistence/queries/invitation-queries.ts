import { and, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type { InvitationId } from '../../../domain/tenant/invitation.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { UserId } from '../../../domain/user/user.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import { type Database, given } from '../database.ts';
import { invitations } from '../schema/index.ts';
import { roleNames } from './member-roles.ts';

export function invitationQueries(database: Database) {
  const { drizzle } = database;
  const ofProject = eq(invitations.projectId, given.value('projectId'));
  const ofTenant = and(ofProject, eq(invitations.tenantId, given.value('tenantId')));
  const one = (name: string, condition: SQL | undefined) =>
    database.prepared(name, drizzle.select().from(invitations).where(condition));
  const byId = one('invitation_by_id', and(ofTenant, eq(invitations.id, given.value('id'))));
  const byDigest = one(
    'invitation_by_digest',
    and(ofProject, sql`${invitations.digest} = any(${given.texts('digests')})`),
  );
  const byEmail = one('invitation_by_email', and(ofTenant, eq(invitations.email, given.value('email'))));
  const ofUser = one('invitation_of_user', and(ofProject, eq(invitations.userId, given.value('userId'))));

  const withRoles = { invitation: invitations, roles: roleNames(invitations) };
  const pending = database.prepared(
    'invitation_with_roles',
    drizzle
      .select(withRoles)
      .from(invitations)
      .where(and(ofTenant, eq(invitations.id, given.value('id')))),
  );
  return {
    byId: (projectId: ProjectId, tenantId: TenantId, id: InvitationId) => byId.one({ projectId, tenantId, id }),
    byDigest: (projectId: ProjectId, digests: readonly SecretDigest[]) => byDigest.one({ projectId, digests }),
    byEmail: (projectId: ProjectId, tenantId: TenantId, email: EmailAddress) =>
      byEmail.one({ projectId, tenantId, email }),
    ofUser: (projectId: ProjectId, userId: UserId) => ofUser.one({ projectId, userId }),
    withRoles: (projectId: ProjectId, tenantId: TenantId, id: InvitationId) => pending.one({ projectId, tenantId, id }),
    /** One more than the page holds, to tell whether there is more. */
    page: (projectId: ProjectId, tenantId: TenantId, now: Date, { after, limit }: PageRequest<InvitationId>) =>
      database.rows(
        drizzle
          .select(withRoles)
          .from(invitations)
          .where(
            and(
              eq(invitations.projectId, projectId),
              eq(invitations.tenantId, tenantId),
              gt(invitations.expiresAt, now),
              after && lt(invitations.id, after),
            ),
          )
          .orderBy(desc(invitations.id))
          .limit(limit + 1),
      ),
  };
}
