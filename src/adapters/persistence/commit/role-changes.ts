import type { ProjectId } from '../../../domain/project/project.ts';
import type { RoleState } from '../../../domain/role/role.ts';
import type { Change } from './change.ts';

/** Nobody holds the role any more. */
export function roleUnassignment({ projectId, tenantId, id }: RoleState): Change {
  return {
    row: `membership_roles ${projectId} ${tenantId} of ${id}`,
    shape: 'unassign role',
    params: [projectId, tenantId, id],
    answers: 'any',
    sql: (next) =>
      `delete from "membership_roles" where "project_id" = ${next()} and "tenant_id" = ${next()} and "role_id" = ${next()} returning 1`,
  };
}

/** No role of the project holds a name of the module any more. */
export function moduleWithdrawal(projectId: ProjectId, module: string): Change {
  return {
    row: `roles ${projectId} of module ${module}`,
    shape: 'withdraw module',
    params: [projectId, `${module}.`, `${module}:`],
    answers: 'any',
    sql: (next) => {
      const project = next();
      const isOfModule = `starts_with("name", ${next()}) or starts_with("name", ${next()})`;
      return (
        `update "roles" set "version" = "version" + 1, "permissions" = array(` +
        `select "name" from unnest("permissions") with ordinality as "held" ("name", "place") where not (${isOfModule}) order by "place") ` +
        `where "project_id" = ${project} and exists (select from unnest("permissions") as "held" ("name") where ${isOfModule}) returning 1`
      );
    },
  };
}
