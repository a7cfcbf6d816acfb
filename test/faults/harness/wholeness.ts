/**
 * What one commit writes belongs together: each query answers the rows of which a part is missing. They hold for the
 * tables as the traffic leaves them, where no person is swept, erased or deleted.
 */
export const HALF_WRITTEN: Readonly<Record<string, string>> = {
  'a person who is member of nothing': `
    select u.email from users u
    where not exists (select from memberships m where (m.project_id, m.user_id) = (u.project_id, u.id))`,
  'a member without a role': `
    select m.user_id from memberships m
    where not exists (select from membership_roles r
      where (r.project_id, r.tenant_id, r.user_id) = (m.project_id, m.tenant_id, m.user_id))`,
  'a person whose registration is not in the audit trail, or twice': `
    select u.email from users u where u.email <> $1
      and 1 <> (select count(*) from audit_records a
        where (a.project_id, a.action, a.entity_id) = (u.project_id, 'auth.registered', u.id::text))`,
  'a registration in the audit trail of a person who is not there': `
    select a.entity_id from audit_records a where a.action = 'auth.registered'
      and not exists (select from users u where (u.project_id, u.id::text) = (a.project_id, a.entity_id))`,
  'a session that no registration and no sign-in in the audit trail explains, or one without a session': `
    with counted as (
      select u.email,
        (select count(*) from refresh_tokens s where (s.project_id, s.user_id) = (u.project_id, u.id)) as sessions,
        -- Those that ended are swept after a while.
        (select count(*) from audit_records a where (a.project_id, a.user_id, a.action) = (u.project_id, u.id::text, 'auth.logout')
          and not exists (select from refresh_tokens s where (s.project_id, s.id::text) = (a.project_id, a.entity_id))) as swept,
        (select count(*) from audit_records a where (a.project_id, a.user_id) = (u.project_id, u.id::text)
          and a.action in ('auth.registered', 'auth.login.succeeded')) as openings
      from users u where u.email <> $1
    ) select * from counted where sessions + swept <> openings`,
  'a session that ended and of which the audit trail knows nothing, or the other way round': `
    select s.id, s.ended_by from refresh_tokens s
    where (s.ended_at is not null) <> exists (select from audit_records a
      where (a.project_id, a.action, a.entity_id) = (s.project_id, 'auth.logout', s.id::text))`,
  'a person of v1 without ten recovery codes': `
    select u.email from users u where u.email like 'v1-%'
      and not exists (select from recovery_codes c
        where (c.project_id, c.user_id) = (u.project_id, u.id) and jsonb_array_length(c.codes) = 10)`,
  'a tenant without its owner, or whose owner is not its owner': `
    select t.name from tenants t join projects p on p.id = t.project_id and p.root_tenant_id <> t.id
    where not exists (select from membership_roles h join roles r
      on (r.project_id, r.tenant_id, r.id) = (h.project_id, h.tenant_id, h.role_id) and r.slug = 'owner'
      where (h.project_id, h.tenant_id, h.user_id) = (t.project_id, t.id, t.owner_id))`,
  'a tenant that counts other roles than it has': `
    select t.name, t.role_count from tenants t
    where t.role_count <> (select count(*) from roles r where (r.project_id, r.tenant_id) = (t.project_id, t.id))`,
  'a tenant that the audit trail does not know': `
    select t.name from tenants t join projects p on p.id = t.project_id and p.root_tenant_id <> t.id
    where not exists (select from audit_records a
      where (a.project_id, a.tenant_id, a.action) = (t.project_id, t.id, 'tenant.created'))`,
  'a role whose making the audit trail does not know': `
    select r.id from roles r where r.slug in ('helper', 'auditor')
      and not exists (select from audit_records a
        where (a.project_id, a.action, a.entity_id) = (r.project_id, 'role.created', r.id::text))`,
  'a role of somebody that the audit trail does not know': `
    select h.user_id from membership_roles h
      join roles r on (r.project_id, r.tenant_id, r.id) = (h.project_id, h.tenant_id, h.role_id) and r.slug = 'auditor'
    where not exists (select from audit_records a
      where (a.project_id, a.action, a.entity_id) = (h.project_id, 'user.role.assigned', h.user_id::text))`,
  'a project that counts other seats than are taken': `
    select s.project_id, s.taken from project_seats s
    where s.taken <> (select count(*) from users u where u.project_id = s.project_id and u.holds_seat)`,
};

/** What comes to its end a while after the commit. */
export const UNFINISHED: Readonly<Record<string, string>> = {
  'a message that waits to be told, or was given up': 'select id, event, attempts, reason from outbox',
  'a record without a seal': 'select id from audit_records where sealed_in is null',
  'a person whose address is to be proven, and no link that could': `
    select u.email from users u where u.email like 'v1-%'
      and not exists (select from one_time_tokens t where (t.project_id, t.user_id) = (u.project_id, u.id))`,
};
