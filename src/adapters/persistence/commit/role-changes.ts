import { makePgArray } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { PermissionModuleState } from '../../../domain/role/permission-module.ts';
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

/**
 * The module registers the names still, and is another one for whoever is about to end it. Not the version that was
 * read: those who use it do not keep each other from it.
 */
export function moduleUse({ projectId, name }: PermissionModuleState, names: readonly string[]): Change {
  return {
    row: `permission_modules ${projectId} ${name}`,
    shape: 'use module',
    params: [projectId, name, makePgArray([...names])],
    answers: 'one',
    sql: (next) =>
      `update "permission_modules" set "version" = "version" + 1 where "project_id" = ${next()} and "name" = ${next()} ` +
      `and ${next()}::text[] <@ array(select "entry" ->> 'name' from jsonb_array_elements("permissions") as "entry") returning 1`,
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
