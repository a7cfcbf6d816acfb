import type { InvitationDirectory, PendingInvitation } from '../../../ports/directories/invitation-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';
import { pageOf } from './page-of.ts';

type InvitationRow = NonNullable<Awaited<ReturnType<Queries['invitations']['withRoles']>>>;

export function invitationDirectory(queries: Queries['invitations']): InvitationDirectory {
  return {
    byId: async (projectId, tenantId, id) => {
      const row = await queries.withRoles(projectId, tenantId, id);
      return row && pendingInvitation(row);
    },
    page: async (projectId, tenantId, now, request) =>
      pageOf(await queries.page(projectId, tenantId, now, request), request, pendingInvitation),
  };
}

function pendingInvitation({ invitation, roles }: InvitationRow): PendingInvitation {
  return { invitation: stateOf(invitation), roles: roles.map(({ slug }) => slug) };
}
