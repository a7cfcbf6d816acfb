import type { InvitationRepository } from '../../../ports/repositories/invitation-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import { INVITATION } from '../mappings.ts';
import type { Queries } from '../queries/queries.ts';
import { INVITED_ADDRESS } from '../schema/invitations.ts';

export function invitationRepository(queries: Queries['invitations'], changes: ChangeSet): InvitationRepository {
  return {
    byId: async (projectId, tenantId, id) =>
      changes.rehydrated(INVITATION, await queries.byId(projectId, tenantId, id)),
    byDigest: async (projectId, digests) => changes.rehydrated(INVITATION, await queries.byDigest(projectId, digests)),
    byEmail: async (projectId, tenantId, email) =>
      changes.rehydrated(INVITATION, await queries.byEmail(projectId, tenantId, email)),
    ofUser: async (projectId, userId) => changes.rehydrated(INVITATION, await queries.ofUser(projectId, userId)),
    save: (invitation) => {
      changes.save(INVITATION, invitation);
      changes.answerWith('invitation-pending', INVITED_ADDRESS);
    },
    remove: (invitation) => changes.remove(invitation),
  };
}
