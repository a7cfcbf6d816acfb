import type pg from 'pg';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { EmailAddress } from '../../src/domain/user/email-address.ts';
import type { UserId } from '../../src/domain/user/user.ts';

/** A project with enough of everything that walking a table would not pay. */
export interface Crowd {
  readonly projectId: ProjectId;
  /** Every fourth person is a member. */
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly email: EmailAddress;
  /** Everybody is linked to it. */
  readonly providerId: ProviderId;
  /** An id between those that there are. */
  readonly somewhere: string;
}

const id = (what: string, number: string) => `md5('${what}' || ${number})::uuid`;
const PEOPLE = 12_000;
const EACH = 1_000;

const STATEMENTS = [
  `with rooms as (
     insert into tenants (id, project_id, name, created_at, updated_at, version)
     select ${id('root', 'n')}, ${id('project', 'n')}, 'Root', now(), now(), 1 from generate_series(1, ${EACH}) n
   ) insert into projects (id, name, root_tenant_id, platform, settings, created_at, updated_at, version)
   select ${id('project', 'n')}, 'Project', ${id('root', 'n')}, false, '{}', now(), now(), 1
   from generate_series(1, ${EACH}) n`,
  `insert into tenants (id, project_id, name, created_at, updated_at, version)
   select ${id('tenant', 'n')}, ${id('project', '1')}, 'Tenant', now(), now(), 1 from generate_series(1, ${EACH}) n`,
  `insert into roles (id, project_id, tenant_id, name, slug, permissions, built_in, created_at, updated_at, version)
   select ${id('role', 'n')}, ${id('project', '1')}, ${id('tenant', '(1 + n % 10)')},
     coalesce((array['owner', 'admin', 'member'])[1 + n / 10], 'role' || n),
     coalesce((array['owner', 'admin', 'member'])[1 + n / 10], 'role' || n), '{a.b}', false, now(), now(), 1
   from generate_series(0, ${2 * EACH}) n`,
  `insert into users (id, project_id, email, email_verified_at, first_name, last_name, metadata, preferences, status,
     holds_seat, session_epoch, created_at, updated_at, deleted_at, version)
   select ${id('user', 'n')}, ${id('project', '1')}, 'user' || n || '@example.test', now(), 'First' || n, 'Last' || n,
     '{}', '{}', case when n % 100 = 0 then 'disabled' else 'active' end, true, 0, now(), now(),
     case when n % 50 = 3 then now() end, 1 from generate_series(1, ${PEOPLE}) n`,
  `insert into memberships (project_id, tenant_id, user_id, created_at, version)
   select ${id('project', '1')}, ${id('tenant', 'case when n % 4 = 0 then 1 else 1 + n % 500 end')}, ${id('user', 'n')},
     now(), 1 from generate_series(1, ${PEOPLE}) n`,
  `insert into membership_roles (project_id, tenant_id, user_id, role_id)
   select ${id('project', '1')}, ${id('tenant', '1')}, ${id('user', 'n')},
     ${id('role', 'case when n % 1000 = 0 then 10 else 20 end')} from generate_series(4, ${PEOPLE}, 4) n`,
  `with theirs as (
     insert into roles (id, project_id, tenant_id, name, slug, permissions, built_in, created_at, updated_at, version)
     select ${id('their role', 'n')}, ${id('project', '1')}, ${id('tenant', 'n')}, 'member', 'member', '{a.b}', false,
       now(), now(), 1 from generate_series(11, 500) n
   ) insert into membership_roles (project_id, tenant_id, user_id, role_id)
   select ${id('project', '1')}, ${id('tenant', '1 + n % 500')}, ${id('user', 'n')}, ${id('their role', '1 + n % 500')}
   from generate_series(1, ${PEOPLE}) n where n % 4 > 0 and n % 500 >= 10`,
  `insert into invitations (id, project_id, tenant_id, email, user_id, invited_by, created_at, expires_at, version)
   select ${id('invitation', 'n')}, ${id('project', '1')}, ${id('tenant', '1')}, 'guest' || n, ${id('user', 'n')},
     ${id('user', '1')}, now(), now() + interval '1 day', 1 from generate_series(4, ${PEOPLE}, 8) n`,
  `insert into ownership_transfers (id, project_id, tenant_id, owner_id, new_owner_id, created_at, expires_at, version)
   select ${id('transfer', 'n')}, ${id('project', '1')}, ${id('tenant', '1 + n % 500')}, ${id('user', 'n')},
     ${id('user', 'n')}, now(), now(), 1 from generate_series(1, 499) n where n % 4 > 0`,
  `insert into permission_modules (project_id, name, permissions, created_at, updated_at, version)
   select ${id('project', 'n')}, 'module', '[]', now(), now(), 1 from generate_series(1, ${EACH}) n`,
  `insert into api_keys (id, project_id, name, digest, prefix, permissions, created_at, version)
   select ${id('key', 'n')}, ${id('project', '1 + n % 2')}, 'Key', 'digest' || n, 'ck', '{}', now(), 1
   from generate_series(1, ${2 * EACH}) n`,
  `insert into refresh_tokens (id, project_id, tenant_id, user_id, client_id, generation, nonce, epoch, amr,
     authenticated_at, created_at, rotated_at, idle_expires_at, expires_at, version)
   select ${id('session', 'n')}, ${id('project', '1')}, ${id('tenant', '1')}, ${id('user', 'n')}, 'v1', 0, 'nonce', 0,
     '{pwd}', now(), now(), now(), now() + interval '1 day', now() + interval '1 day', 1
   from generate_series(4, ${PEOPLE}, 4) n`,
  `insert into auth_providers (id, project_id, type, name, scopes, chain_ids, enabled, created_at, updated_at, version)
   select 'acme', ${id('project', 'n')}, 'oidc', 'Acme', '{}', '{}', true, now(), now(), 1
   from generate_series(1, ${EACH}) n`,
  `insert into provider_links (id, project_id, user_id, provider_id, external_id, linked_at, version)
   select ${id('link', 'n')}, ${id('project', '1')}, ${id('user', 'n')}, 'acme', 'subject' || n, now(), 1
   from generate_series(1, ${PEOPLE}) n`,
  `insert into authorization_requests (id, project_id, provider_id, intent, digest, verifier_digest, memo, expires_at,
     version)
   select ${id('request', 'n')}, ${id('project', '1')}, 'acme', 'sign-in', 'digest' || n, 'digest', 'memo', now(), 1
   from generate_series(1, ${2 * EACH}) n`,
  'analyze',
];

export async function aCrowd(pool: pg.Pool): Promise<Crowd> {
  for (const statement of STATEMENTS) await pool.query(statement);
  const { rows } = await pool.query<Crowd>(`
    select ${id('project', '1')} as "projectId", ${id('tenant', '1')} as "tenantId", ${id('user', '8')} as "userId",
      'user8@example.test' as email, 'acme' as "providerId", '60000000-0000-0000-0000-000000000000' as somewhere
  `);
  const [crowd] = rows;
  if (!crowd) throw new Error('unreachable');
  return crowd;
}
