import type { Person } from '../http/v1-people.ts';
import { anAddress } from '../http/v1-people.ts';
import { ACME, PASSWORD } from '../http/v1-world.ts';
import { idempotent } from './inventory.ts';
import type { Named } from './named.ts';
import { del, get, patch, post, type Sent } from './sent.ts';

/** What the caller has of their own. */
export interface Own {
  readonly owner: Person;
  /** Of the owner, and fresh. */
  readonly token: string;
  readonly member: string;
  readonly slug: string;
  readonly webhook: string;
  readonly project: string;
  /** With `auth`, where they have one. */
  readonly key: Readonly<Record<string, string>>;
  /** The token of somebody of theirs who has to choose a tenant. */
  selection(): Promise<string>;
}

/** A request that names something, whoever it belongs to. */
export type Probe = (named: Named, own: Own) => Sent | Promise<Sent>;

const PEOPLE = ['owner', 'member', 'removed', 'invited'] as const;
const eachPerson = (request: (id: string, own: Own) => Sent): readonly Probe[] =>
  PEOPLE.map(
    (kind): Probe =>
      (named, own) =>
        request(named[kind], own),
  );

const A_PROVIDER = { id: 'mine', type: 'oidc', name: 'Mine', clientId: 'c' };
const OTHER_PASSWORD = 'nine orange walruses sing';

/** The doors that are open to everybody, with what only one project knows. */
export const OPEN_PROBES: Readonly<Record<string, readonly Probe[]>> = {
  'POST /auth/register': [({ account: email }) => post('/auth/register', { email, password: OTHER_PASSWORD })],
  'POST /auth/login': [({ account: email }) => post('/auth/login', { email, password: PASSWORD })],
  'POST /auth/refresh': [({ liveRefreshToken: refreshToken }) => post('/auth/refresh', { refreshToken })],
  'POST /auth/verify-email': [({ proof: token }) => post('/auth/verify-email', { token })],
  'POST /auth/request-reset': [({ account: email }) => post('/auth/request-reset', { email })],
  'POST /auth/reset-password': [
    ({ reset: token }) => post('/auth/reset-password', { token, newPassword: OTHER_PASSWORD }),
  ],
  'POST /auth/disown': [({ disowning: token }) => post('/auth/disown', { token })],
  'POST /auth/recovery': [({ account: email, recoveryCode }) => post('/auth/recovery', { email, recoveryCode })],
  'POST /auth/select-tenant': [
    async ({ tenant: tenantId }, own) => post('/auth/select-tenant', { sessionToken: await own.selection(), tenantId }),
    ({ selection: sessionToken, tenant: tenantId }) => post('/auth/select-tenant', { sessionToken, tenantId }),
  ],
  'GET /auth/providers': [() => get('/auth/providers')],
  'POST /auth/login/{providerId}': [({ provider }) => post(`/auth/login/${provider}`, {})],
  'GET /auth/login/{providerId}': [({ provider }) => get(`/auth/login/${provider}`)],
  'GET /auth/callback/{providerId}': [({ provider }) => get(`/auth/callback/${provider}?state=of-nobody&code=0`)],
  'POST /auth/callback/{providerId}': [
    ({ provider }) => post(`/auth/callback/${provider}`, { state: 'of-nobody', signature: '0x00' }),
  ],
  'POST /auth/exchange': [
    ({ exchangeCode: code, exchangeVerifier: verifier }) => post('/auth/exchange', { code, verifier }),
  ],
  'POST /auth/mfa/challenge': [
    ({ challenge: challengeToken }) => post('/auth/mfa/challenge', { challengeToken, mfaCode: '000000' }),
  ],
  'POST /auth/accept-invite': [
    ({ invitationToken: token }) => post('/auth/accept-invite', { token, password: PASSWORD }),
  ],
};

/** Every other operation of v1 that takes a name of anything, with everything that it can name. */
export const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  'POST /auth/logout': [({ refreshToken }) => post('/auth/logout', { refreshToken })],
  'PATCH /auth/me': [
    ({ account: email }) => patch('/auth/me', { email }),
    ({ address: email }) => patch('/auth/me', { email }),
  ],
  'DELETE /auth/sessions/{id}': [({ session }) => del(`/auth/sessions/${session}`)],
  'POST /auth/switch-tenant': [
    ({ tenant: tenantId }) => post('/auth/switch-tenant', { tenantId }),
    ({ refreshToken }, { owner: { tenantId } }) => post('/auth/switch-tenant', { tenantId, refreshToken }),
  ],
  'POST /auth/impersonate': [
    ({ tenant: tenantId }) => post('/auth/impersonate', { tenantId, reason: 'support_request' }),
    ({ member: userId }, { owner: { tenantId } }) =>
      post('/auth/impersonate', { tenantId, userId, reason: 'support_request' }),
  ],
  'POST /auth/invite': [
    ({ ownerAddress: email }) => post('/auth/invite', { email }),
    ({ invitedAddress: email }) => post('/auth/invite', { email }),
    ({ slug }) => post('/auth/invite', { email: anAddress(), roles: [slug] }),
  ],
  'GET /invitations': [({ invitationsCursor }) => get(`/invitations?cursor=${invitationsCursor}`)],
  'POST /invitations/{id}/resend': [({ invitation }) => post(`/invitations/${invitation}/resend`)],
  'DELETE /invitations/{id}': [({ invitation }) => del(`/invitations/${invitation}`)],
  'POST /users': [
    ({ address: email }) => post('/users', { email }),
    ({ removedAddress: email }) => post('/users', { email }),
    ({ slug }) => post('/users', { email: anAddress(), roles: [slug] }),
  ],
  'GET /users': [
    ({ address }) => get(`/users?search=${address}`),
    ({ slug }) => get(`/users?role=${slug}&includeDeleted=true`),
    ({ usersCursor }) => get(`/users?cursor=${usersCursor}`),
  ],
  'GET /users/{id}': eachPerson((id) => get(`/users/${id}`)),
  'PATCH /users/{id}': [
    ...eachPerson((id) => patch(`/users/${id}`, { firstName: 'Mallory' })),
    ({ member }) => patch(`/users/${member}`, { email: anAddress() }),
    ({ member }) => patch(`/users/${member}`, { avatarUrl: 'https://mallory.example/me.png' }),
    ({ member }) => patch(`/users/${member}`, { metadata: { taken: true } }),
    ...eachPerson((id) => patch(`/users/${id}`, { status: 'disabled' })),
    ({ account: email }, { member }) => patch(`/users/${member}`, { email }),
    ({ removedAddress: email }, { member }) => patch(`/users/${member}`, { email }),
    ({ address: email }, { member }) => patch(`/users/${member}`, { email }),
  ],
  'DELETE /users/{id}': eachPerson((id) => del(`/users/${id}`)),
  'PATCH /users/{id}/restore': eachPerson((id) => patch(`/users/${id}/restore`, undefined)),
  'POST /users/{id}/restore': eachPerson((id) => post(`/users/${id}/restore`)),
  'POST /users/{id}/roles': [
    ...eachPerson((id, { slug }) => post(`/users/${id}/roles`, { role: slug })),
    ({ role }, { member }) => post(`/users/${member}/roles`, { role }),
    ({ slug }, { member }) => post(`/users/${member}/roles`, { role: slug }),
    ({ member, role }) => post(`/users/${member}/roles`, { role }),
  ],
  'DELETE /users/{id}/roles/{role}': [
    ...eachPerson((id) => del(`/users/${id}/roles/member`)),
    ({ role }, { member }) => del(`/users/${member}/roles/${role}`),
    ({ slug }, { member }) => del(`/users/${member}/roles/${slug}`),
  ],
  'GET /users/{id}/permissions': eachPerson((id) => get(`/users/${id}/permissions`)),
  'GET /users/{id}/providers': eachPerson((id) => get(`/users/${id}/providers`)),
  'POST /users/{id}/providers/{providerId}': [
    ...eachPerson((id) => post(`/users/${id}/providers/${ACME}`, {})),
    ({ provider }, { owner: { id } }) => post(`/users/${id}/providers/${provider}`, {}),
  ],
  'DELETE /users/{id}/providers/{providerId}': PEOPLE.map(
    (kind): Probe =>
      (named) =>
        del(`/users/${named[kind]}/providers/${named.linked}`),
  ),
  'GET /roles': [({ rolesCursor }) => get(`/roles?cursor=${rolesCursor}`)],
  'POST /roles': [
    ({ idempotencyKey: name }) => ({ ...post('/roles', { name, permissions: [] }), headers: idempotent(name) }),
  ],
  'GET /roles/{id}': [({ role }) => get(`/roles/${role}`)],
  'PATCH /roles/{id}': [({ role }) => patch(`/roles/${role}`, { name: 'Taken', permissions: [] })],
  'DELETE /roles/{id}': [({ role }) => del(`/roles/${role}`), ({ role }) => del(`/roles/${role}?force=true`)],
  'POST /modules': [({ module: name }) => post('/modules', { name, permissions: [] })],
  'DELETE /modules/{name}': [
    ({ module }) => del(`/modules/${module}`),
    ({ module }) => del(`/modules/${module}?force=true`),
  ],
  'POST /authz/check': [
    ...eachPerson((userId) => post('/authz/check', { permission: 'users.list', userId })),
    ({ module }) => post('/authz/check', { permission: `${module}.read` }),
  ],
  'GET /tenants/{id}': [({ tenant }) => get(`/tenants/${tenant}`)],
  'PATCH /tenants/{id}': [({ tenant }) => patch(`/tenants/${tenant}`, { name: 'Taken' })],
  'POST /tenants/{id}/block': [({ tenant }) => post(`/tenants/${tenant}/block`)],
  'POST /tenants/{id}/unblock': [({ tenant }) => post(`/tenants/${tenant}/unblock`)],
  'POST /tenants/{id}/transfer': [
    ({ tenant }, { member }) => post(`/tenants/${tenant}/transfer`, { newOwnerId: member, password: PASSWORD }),
    ({ tenant, member }) => post(`/tenants/${tenant}/transfer`, { newOwnerId: member, password: PASSWORD }),
    ...eachPerson((newOwnerId, { owner: { tenantId } }) =>
      post(`/tenants/${tenantId}/transfer`, { newOwnerId, password: PASSWORD }),
    ),
  ],
  'POST /tenants/{id}/transfer/accept': [({ tenant }) => post(`/tenants/${tenant}/transfer/accept`)],
  'DELETE /tenants/{id}/transfer': [({ tenant }) => del(`/tenants/${tenant}/transfer`)],
  'GET /audit/records': [
    ...eachPerson((id) => get(`/audit/records?userId=${id}`)),
    ({ role }) => get(`/audit/records?entityId=${role}`),
    ({ tenant }) => get(`/audit/records?entityType=tenant&entityId=${tenant}`),
    ({ recordsCursor }) => get(`/audit/records?cursor=${recordsCursor}`),
  ],
  'GET /webhooks/{id}': [({ webhook }) => get(`/webhooks/${webhook}`)],
  'PATCH /webhooks/{id}': [({ webhook }) => patch(`/webhooks/${webhook}`, { url: 'https://mallory.example/hook' })],
  'DELETE /webhooks/{id}': [({ webhook }) => del(`/webhooks/${webhook}`)],
  'POST /webhooks/{id}/rotate-secret': [({ webhook }) => post(`/webhooks/${webhook}/rotate-secret`)],
  'GET /webhooks/{id}/deliveries': [
    ({ webhook }) => get(`/webhooks/${webhook}/deliveries`),
    ({ deliveriesCursor }, { webhook }) => get(`/webhooks/${webhook}/deliveries?cursor=${deliveriesCursor}`),
  ],
  'POST /webhooks/{id}/deliveries/{eventId}/redeliver': [
    ({ webhook, event }) => post(`/webhooks/${webhook}/deliveries/${event}/redeliver`),
    ({ event }, { webhook }) => post(`/webhooks/${webhook}/deliveries/${event}/redeliver`),
  ],
  'GET /events': [
    ({ event }) => get(`/events?after=${event}`),
    ({ eventsCursor }) => get(`/events?cursor=${eventsCursor}`),
  ],
  'GET /projects/{id}': [({ project }) => get(`/projects/${project}`)],
  'PATCH /projects/{id}': [({ project }) => patch(`/projects/${project}`, { name: 'Taken' })],
  'POST /projects/{id}/api-keys': [
    ({ project }) => post(`/projects/${project}/api-keys`, { name: 'Mine', permissions: ['manage'] }),
  ],
  'GET /projects/{id}/api-keys': [({ project }) => get(`/projects/${project}/api-keys`)],
  'DELETE /projects/{id}/api-keys/{keyId}': [
    ({ project, apiKey }) => del(`/projects/${project}/api-keys/${apiKey}`),
    ({ apiKey }, { project }) => del(`/projects/${project}/api-keys/${apiKey}`),
  ],
  'GET /projects/{id}/signing-keys': [({ project }) => get(`/projects/${project}/signing-keys`)],
  'POST /projects/{id}/signing-keys/rotate': [({ project }) => post(`/projects/${project}/signing-keys/rotate`)],
  'DELETE /projects/{id}/signing-keys/{kid}': [
    ({ project, kid }) => del(`/projects/${project}/signing-keys/${kid}`),
    ({ kid }, { project }) => del(`/projects/${project}/signing-keys/${kid}`),
  ],
  'POST /projects/{id}/providers': [({ project }) => post(`/projects/${project}/providers`, A_PROVIDER)],
  'GET /projects/{id}/providers': [({ project }) => get(`/projects/${project}/providers`)],
  'PATCH /projects/{id}/providers/{providerId}': [
    ({ project, provider }) => patch(`/projects/${project}/providers/${provider}`, { enabled: false }),
    ({ provider }, { project }) => patch(`/projects/${project}/providers/${provider}`, { enabled: false }),
  ],
  'DELETE /projects/{id}/providers/{providerId}': [
    ({ project, provider }) => del(`/projects/${project}/providers/${provider}`),
    ({ provider }, { project }) => del(`/projects/${project}/providers/${provider}`),
  ],
};

/** These take no name of anything: what they do is done to the caller's own. */
export const NAMELESS: readonly string[] = [
  'POST /auth/reauthenticate',
  'GET /auth/me',
  'POST /auth/change-password',
  'GET /auth/sessions',
  'DELETE /auth/sessions',
  'POST /auth/request-verify-email',
  'POST /auth/mfa/enable',
  'POST /auth/mfa/verify',
  'POST /auth/mfa/disable',
  'GET /auth/recovery-codes',
  'POST /auth/recovery-codes/regenerate',
  'GET /auth/tenants',
  'GET /permissions',
  'GET /modules',
  'POST /tenants',
  'GET /tenants',
  'POST /webhooks',
  'GET /webhooks',
  'GET /audit/export',
  'GET /audit/checkpoints',
  'POST /projects',
  'GET /projects',
];
