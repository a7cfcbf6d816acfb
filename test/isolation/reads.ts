import type { Inventory } from './inventory.ts';

/** What can be looked at in a tenant by its owner; lists as a whole, filtered, and page by page. */
type Paths = (inventory: Inventory) => readonly string[];

const eachPerson =
  (path: (id: string) => string): Paths =>
  ({ owner, member, removed, invited }) =>
    [owner, member, removed, invited].map(({ id }) => path(id));

/** Every GET of both APIs. What is refused, and with that recorded, comes after the looks at records. */
export const READS: Readonly<Record<string, Paths>> = {
  'GET /auth/me': () => ['/auth/me'],
  'GET /auth/sessions': () => ['/auth/sessions'],
  'GET /auth/recovery-codes': () => ['/auth/recovery-codes'],
  'GET /auth/tenants': () => ['/auth/tenants'],
  'GET /auth/providers': () => ['/auth/providers'],
  'GET /auth/login/{providerId}': () => ['/auth/login/of-nobody'],
  'GET /auth/callback/{providerId}': () => ['/auth/callback/acme?state=of-nobody&code=0'],
  'GET /invitations': () => ['/invitations', '/invitations?limit=1'],
  'GET /users': ({ role, member }) => [
    '/users',
    '/users?limit=1',
    '/users?includeDeleted=true',
    '/users?status=active',
    '/users?status=invited',
    '/users?status=disabled',
    '/users?status=locked',
    '/users?role=member',
    `/users?role=${role.slug}`,
    '/users?search=p',
    `/users?search=${member.email}`,
  ],
  'GET /users/{id}': eachPerson((id) => `/users/${id}`),
  'GET /users/{id}/providers': eachPerson((id) => `/users/${id}/providers`),
  'GET /users/{id}/permissions': eachPerson((id) => `/users/${id}/permissions`),
  'GET /roles': () => ['/roles', '/roles?limit=1'],
  'GET /roles/{id}': ({ role }) => [`/roles/${role.id}`],
  'GET /permissions': () => ['/permissions'],
  'GET /tenants/{id}': ({ owner }) => [`/tenants/${owner.tenantId}`],
  'GET /audit/records': ({ owner, member }) => [
    '/audit/records?limit=100',
    '/audit/records?limit=2',
    '/audit/records?action=user.*',
    `/audit/records?userId=${member.id}`,
    `/audit/records?entityType=tenant&entityId=${owner.tenantId}`,
  ],
  'GET /webhooks': () => ['/webhooks'],
  'GET /webhooks/{id}': ({ webhook }) => [`/webhooks/${webhook}`],
  'GET /webhooks/{id}/deliveries': ({ webhook }) => [
    `/webhooks/${webhook}/deliveries`,
    `/webhooks/${webhook}/deliveries?limit=1`,
  ],
  'GET /events': ({ event }) => [
    '/events?limit=100',
    '/events?limit=2',
    '/events?type=membership.*',
    `/events?after=${event}`,
  ],
  'GET /modules': () => ['/modules'],
  'GET /tenants': () => ['/tenants'],
  'GET /projects': () => ['/projects'],
  'GET /projects/{id}': ({ owner }) => [`/projects/${owner.tenantId}`],
  'GET /projects/{id}/api-keys': ({ owner }) => [`/projects/${owner.tenantId}/api-keys`],
  'GET /projects/{id}/signing-keys': ({ owner }) => [`/projects/${owner.tenantId}/signing-keys`],
  'GET /projects/{id}/providers': ({ owner }) => [`/projects/${owner.tenantId}/providers`],
  'GET /audit/checkpoints': () => ['/audit/checkpoints'],
  'GET /audit/export': () => ['/audit/export'],
  'GET /pub/{project_id}/auth/me': ({ owner }) => [`/api/v1/pub/${owner.tenantId}/auth/me`],
  'GET /pub/{project_id}/.well-known/jwks.json': ({ owner }) => [`/api/v1/pub/${owner.tenantId}/.well-known/jwks.json`],
};
