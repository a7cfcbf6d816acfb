import type { Member, MemberDirectory } from '../../../ports/directories/member-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateOf } from '../rows.ts';
import { pageOf } from './page-of.ts';

type MemberRow = NonNullable<Awaited<ReturnType<Queries['members']['byId']>>>;

export function memberDirectory(queries: Queries['members']): MemberDirectory {
  return {
    byId: async (projectId, tenantId, userId) => {
      const row = await queries.byId(projectId, tenantId, userId);
      return row && memberOf(row);
    },
    page: async (projectId, tenantId, filter, request) =>
      pageOf(await queries.page(projectId, tenantId, filter, request), request, memberOf),
  };
}

function memberOf({ user, membership, roles }: MemberRow): Member {
  return {
    user: stateOf(user),
    membership: { ...stateOf(membership), roleIds: roles.map(({ id }) => id).sort() },
    roles: roles.map(({ slug }) => slug),
  };
}
