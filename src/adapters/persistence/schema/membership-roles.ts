import { foreignKey, index, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { RoleId } from '../../../domain/role/role.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { memberships } from './memberships.ts';
import { roles } from './roles.ts';

/** Violated by a role that goes while somebody holds it, and by a membership that gets a role which is gone. */
export const ROLE_OF_MEMBERSHIP = 'membership_roles_role_fk';

/** The roles of a membership. Both ends carry the tenant, so a role of another one is impossible. */
export const membershipRoles = pgTable(
  'membership_roles',
  {
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    roleId: uuid('role_id').$type<RoleId>().notNull(),
  },
  (t) => [
    primaryKey({ name: 'membership_roles_pk', columns: [t.projectId, t.tenantId, t.userId, t.roleId] }),
    index('membership_roles_role').on(t.projectId, t.tenantId, t.roleId, t.userId),
    foreignKey({
      name: 'membership_roles_membership_fk',
      columns: [t.projectId, t.tenantId, t.userId],
      foreignColumns: [memberships.projectId, memberships.tenantId, memberships.userId],
    }).onDelete('cascade'),
    foreignKey({
      name: ROLE_OF_MEMBERSHIP,
      columns: [t.projectId, t.tenantId, t.roleId],
      foreignColumns: [roles.projectId, roles.tenantId, roles.id],
    }),
  ],
);
