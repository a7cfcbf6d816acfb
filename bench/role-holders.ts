import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import type { MemberPlace } from '../src/application/roles/permission-resolver.ts';
import type { ProjectId } from '../src/domain/project/project.ts';
import type { Permission } from '../src/domain/role/permission.ts';
import type { TenantId } from '../src/domain/tenant/tenant.ts';
import type { UserId } from '../src/domain/user/user.ts';
import type { Bench } from './bench.ts';

/** The limits: as many roles as a person may hold, each with as many names as a role may. */
const ROLES = 50;
const NAMES = 1_000;

export interface RoleHolders {
  readonly places: readonly MemberPlace[];
  /** All that each of them holds. */
  readonly names: readonly Permission[];
}

/** Everybody joins a tenant where they hold all of its roles, whose names are out of so many different ones. */
export async function roleHolders({ databaseUrl, world }: Bench, different: number): Promise<RoleHolders> {
  const projectId = world.projectId as ProjectId;
  const tenantId = uuidv7() as TenantId;
  const roles = Array.from({ length: ROLES }, (_, role) => ({
    id: uuidv7(),
    slug: `role-${role}`,
    names: Array.from({ length: NAMES }, (_, index) => permission((role * (different / ROLES) + index) % different)),
  }));
  const people = world.people.map(({ userId }) => userId as UserId);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into tenants (id, project_id, name, role_count, created_at, updated_at, version)
      values ($1, $2, 'Many roles', ${ROLES}, now(), now(), 1)`,
      [tenantId, projectId],
    );
    for (const { id, slug, names } of roles) {
      await client.query(
        `insert into roles (id, project_id, tenant_id, name, slug, permissions, built_in, created_at, updated_at, version)
        values ($1, $2, $3, $4, $4, $5, false, now(), now(), 1)`,
        [id, projectId, tenantId, slug, names],
      );
    }
    await client.query(
      `insert into memberships (project_id, tenant_id, user_id, created_at, version)
      select $1, $2, unnest($3::uuid[]), now(), 1`,
      [projectId, tenantId, people],
    );
    await client.query(
      `insert into membership_roles (project_id, tenant_id, user_id, role_id)
      select $1, $2, person, role from unnest($3::uuid[]) person, unnest($4::uuid[]) role`,
      [projectId, tenantId, people, roles.map(({ id }) => id)],
    );
    await client.query('analyze tenants, roles, memberships, membership_roles');
  } finally {
    await client.end();
  }
  const project = { id: projectId, platform: false, rootTenantId: tenantId };
  return {
    places: people.map((userId) => ({ project, tenantId, userId })),
    names: [...new Set(roles.flatMap(({ names }) => names))],
  };
}

function permission(number: number): Permission {
  return `module-${Math.floor(number / NAMES)}.things-${Math.floor(number / 4)}.do-${number % 4}` as Permission;
}
