import type { AccountDirectory } from '../../../ports/directories/account-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';
import { pageOf } from './page-of.ts';

export function accountDirectory(queries: Queries['accounts']): AccountDirectory {
  return {
    named: async (projectId, { ids, emails, identities }) => {
      const [byId, byEmail, byIdentity] = await Promise.all([
        ids.length > 0 ? queries.byIds(projectId, ids) : [],
        emails.length > 0 ? queries.byEmails(projectId, emails) : [],
        identities.length > 0 ? queries.byIdentities(projectId, identities) : [],
      ]);
      return { byId, byEmail, byIdentity };
    },
    page: async (projectId, { after, limit }) =>
      pageOf(
        await queries.page(projectId, after, limit + 1),
        { limit },
        ({ user, memberships, totpSecret, links }) => ({
          user: stateOf(user),
          memberships: memberships.map(({ tenantId, disabled, roles }) => ({
            tenantId,
            roles: roles.map(({ slug }) => slug),
            disabled,
          })),
          totpSecret,
          links,
        }),
      ),
    passwordForms: (projectId) => queries.passwordForms(projectId),
  };
}
