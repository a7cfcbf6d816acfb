import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  migrate,
  openPostgres,
  type PostgresConnection,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { RoleId } from '../../src/domain/role/role.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { attested } from '../support/attested.ts';
import { anId } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase, type TestDatabase } from '../support/databases.ts';
import { migrateOnlyTo } from './migrate-only-to.ts';

/** The latest migration that knows of no tenancy but the one tenant that a person registers with. */
const BEFORE_TENANCY = 2;

describeWithPostgres('an upgrade to tenancy', () => {
  let fresh: TestDatabase;
  let connection: PostgresConnection;
  let client: pg.Client;

  beforeEach(async () => {
    fresh = await freshDatabase();
    client = new pg.Client({ connectionString: fresh.url });
    await client.connect();
    await migrateOnlyTo(client, BEFORE_TENANCY);
    connection = openPostgres({ url: fresh.url });
  });
  afterEach(async () => {
    await connection.close();
    await client.end();
    await fresh[Symbol.asyncDispose]();
  });

  const [projectId, tenantId, roleId] = [anId<ProjectId>(), anId<TenantId>(), anId<RoleId>()];
  /** As the program before wrote it. */
  const registered = (userId: UserId, firstName: string, pendingEmail: string | null) =>
    client.query(
      `with person as (
         insert into users (id, project_id, email, first_name, last_name, pending_email, metadata, preferences, status,
           holds_seat, session_epoch, created_at, updated_at, version)
         values ($1::uuid, $2, $3, $4, 'Lovelace', $5, '{}', '{}', 'active', true, 0, now(), now(), 1)
       ), member as (
         insert into memberships (project_id, tenant_id, user_id, created_at, version) values ($2, $6, $1, now(), 1)
       ) insert into membership_roles (project_id, tenant_id, user_id, role_id) values ($2, $6, $1, $7)`,
      [userId, projectId, `${userId}@example.test`, firstName, pendingEmail, tenantId, roleId],
    );
  const seed = async () => {
    await client.query(
      `with room as (
         insert into tenants (id, project_id, name, created_at, updated_at, version) values ($1, $2, 'Root', now(), now(), 1)
       ), roles as (
         insert into roles (id, project_id, tenant_id, name, slug, permissions, built_in, created_at, updated_at, version)
         select id, $2, $1, slug, slug, '{}', false, now(), now(), 1
         from (values ($3::uuid, 'owner'), (gen_random_uuid(), 'admin'), (gen_random_uuid(), 'member')) as r (id, slug)
       ) insert into projects (id, name, root_tenant_id, platform, settings, created_at, updated_at, version)
       values ($2, 'Acme', $1, false, '{}', now(), now(), 1)`,
      [tenantId, projectId, roleId],
    );
  };
  const list = async (search: string) => {
    const { memberDirectory } = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
    const filter = { search, includeDeleted: false };
    const { items } = await memberDirectory.page(projectId, tenantId, filter, { after: undefined, limit: 10 });
    return items;
  };

  it('keeps everybody and every role, and knows what was not asked before', async () => {
    const [ada, grace] = [anId<UserId>(), anId<UserId>()];
    await seed();
    await registered(ada, 'Ada', null);
    await registered(grace, 'GRACE', 'grace@new.test');

    await migrate(connection);

    const ports = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
    expect((await ports.tenantDirectory.byId(projectId, tenantId))?.roleCount).toBe(3);
    expect(await list('ada')).toMatchObject([
      {
        user: { id: ada, pendingEmailAwaits: [] },
        membership: { disabledAt: null, deletedAt: null },
        roles: ['owner'],
      },
    ]);
    expect(await list('grace')).toMatchObject([{ user: { id: grace, pendingEmailAwaits: ['proof'] } }]);
  });

  it('lets the program before go on beside the new one: whom it registers is listed', async () => {
    await seed();
    await migrate(connection);
    const ada = anId<UserId>();
    await registered(ada, 'Ada', null);
    expect(await list('ada')).toMatchObject([{ user: { id: ada }, roles: ['owner'] }]);

    await client.query(`update users set first_name = 'Augusta', status = 'locked' where id = $1`, [ada]);
    expect(await list('ada')).toEqual([]);
    expect(await list('augusta')).toMatchObject([{ user: { id: ada, status: 'locked' } }]);
  });
});
