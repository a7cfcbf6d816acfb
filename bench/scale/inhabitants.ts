import { type Size, strideOf } from './size.ts';

/** As many rows of one kind as `count` says, made in stretches of whatever length: `$1` the project, `$2` to `$3`. */
export interface Inhabitants {
  readonly table: string;
  readonly count: number;
  readonly insert: string;
}

const MEMBERS_OF_SMALL_TENANTS = 100;
const PASSWORD_HASH = `$argon2id$v=19$m=19456,t=2,p=1$${'x'.repeat(22)}$${'x'.repeat(43)}`;
export const NONCE = Buffer.alloc(16).toString('base64url');
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

/**
 * Functions of numbers, so that whoever knows a number knows the row, and plain enough to be inlined. Ids grow with the
 * numbers, as in life; names do not. Tenant 0 is the one that is listed.
 */
export function vocabulary(size: Size): string {
  const stride = strideOf(size);
  const tenantOf = `select case when person % ${stride} = 0 then 0 else 1 + person / ${stride} % ${smallTenants(size)} end`;
  const declared = 'language sql immutable parallel safe';
  return `
    create schema bench;
    create table bench.size as select ${size.users} as users, ${size.sessions} as sessions;
    create function bench.id(kind text, number bigint) returns uuid ${declared} as $$
      select (lpad(to_hex(1700000000000 + number), 12, '0') || '70008000' || substr(md5(kind), 1, 12))::uuid
    $$;
    create function bench.word(number bigint) returns text ${declared} as $$
      select translate(substr(md5(number::text), 1, 7), '0123456789', 'ghijklmnop')
    $$;
    create function bench.first_name(person bigint) returns text ${declared} as 'select bench.word(person * 7919 % 899)';
    create function bench.last_name(person bigint) returns text ${declared} as 'select bench.word(person * 7907 % 9973)';
    create function bench.address(person bigint) returns text ${declared} as $$
      select bench.first_name(person) || '.' || bench.last_name(person) || person || '@example.test'
    $$;
    create function bench.tenant_of(person bigint) returns bigint ${declared} as $$ ${tenantOf} $$;
    create function bench.person_of(session bigint) returns bigint ${declared} as $$
      select 1 + session * 7919 % ${size.users}
    $$;
  `;
}

/** In the order in which one needs the other. */
export function inhabitants(size: Size): readonly Inhabitants[] {
  const tenants = 1 + smallTenants(size);
  const stride = strideOf(size);
  const tenant = (person: string) => `bench.id('tenant', bench.tenant_of(${person}))`;
  const numbers = 'generate_series($2::bigint, $3::bigint) n';
  // Spread evenly among the members of whatever tenant.
  const each = (share: number, offset: number) => `n / ${stride} % ${share} = ${offset}`;
  return [
    {
      table: 'tenants',
      count: tenants,
      insert: `insert into tenants (id, project_id, name, role_count, created_at, updated_at, version)
        select bench.id('tenant', n - 1), $1::uuid, 'Tenant ' || n, 4, now(), now(), 1 from ${numbers}`,
    },
    {
      table: 'roles',
      count: tenants,
      insert: `insert into roles
          (id, project_id, tenant_id, name, slug, permissions, built_in, created_at, updated_at, version)
        select bench.id(slug, n - 1), $1::uuid, bench.id('tenant', n - 1), initcap(slug), slug, permissions::text[],
          slug <> 'support', now(), now(), 1
        from ${numbers}, (values ('owner', '{*}'), ('admin', '{users.*,roles.*}'), ('member', '{}'),
          ('support', '{users.list}')) r (slug, permissions)`,
    },
    {
      table: 'users',
      count: size.users,
      insert: `insert into users (id, project_id, email, email_verified_at, password_hash, first_name, last_name, metadata,
          preferences, status, holds_seat, session_epoch, created_at, updated_at, deleted_at, version)
        select bench.id('user', n), $1::uuid, bench.address(n), now(), '${PASSWORD_HASH}', initcap(bench.first_name(n)),
          initcap(bench.last_name(n)), '{}', '{}', case when ${each(20, 3)} then 'disabled' else 'active' end,
          true, 0, now(), now(), case when ${each(20, 7)} then now() end, 1
        from ${numbers}`,
    },
    {
      table: 'memberships',
      count: size.users,
      insert: `insert into memberships (project_id, tenant_id, user_id, created_at, version)
        select $1::uuid, ${tenant('n')}, bench.id('user', n), now(), 1 from ${numbers}`,
    },
    {
      table: 'membership_roles',
      count: size.users,
      insert: `insert into membership_roles (project_id, tenant_id, user_id, role_id)
        select $1::uuid, ${tenant('n')}, bench.id('user', n), bench.id(slug, bench.tenant_of(n))
        from ${numbers} join (values ('member'), ('support'), ('admin')) r (slug)
          on slug = 'member' or (slug = 'support' and ${each(10, 5)}) or (slug = 'admin' and n / ${stride} < 100)`,
    },
    {
      // By the function of the triggers, so that there is no second opinion on what is listed.
      table: 'listed_members',
      count: size.users,
      insert: `select list_member($1::uuid, bench.id('user', n)) from ${numbers}`,
    },
    {
      table: 'refresh_tokens',
      count: size.sessions,
      insert: `insert into refresh_tokens (id, project_id, tenant_id, user_id, client_id, generation, nonce, epoch, amr,
          authenticated_at, address, user_agent, created_at, rotated_at, idle_expires_at, expires_at, version)
        select bench.id('session', n), $1::uuid, ${tenant('bench.person_of(n)')}, bench.id('user', bench.person_of(n)), 'v1', 0,
          '${NONCE}', 0, '{pwd}', now(), '203.0.113.7', '${USER_AGENT}', now(), now(), now() + interval '1 year',
          now() + interval '1 year', 1
        from ${numbers}`,
    },
  ];
}

function smallTenants(size: Size): number {
  return Math.ceil((size.users * (1 - 1 / strideOf(size))) / MEMBERS_OF_SMALL_TENANTS) || 1;
}
