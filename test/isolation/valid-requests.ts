import { randomUUID } from 'node:crypto';
import { OPERATOR } from '../../src/application/actor.ts';
import { aColleague, anAddress, anOwner, aRole, invitationTo, type Person, protect } from '../http/v1-people.ts';
import { aLink, anExchangeCode, anMfaChallenge, begun, parametersOf } from '../http/v1-round-trip.ts';
import { ACME, latest, PASSWORD, type V1World, WALLET } from '../http/v1-world.ts';
import { answerOfWallet, aWallet } from '../support/a-provider.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { anId } from '../support/builders.ts';
import { publishAll } from './inventory.ts';
import { del, get, patch, post, type Sent } from './sent.ts';

/** Whose resources a request is about, and whose account it is made from. */
export interface Stage {
  readonly world: V1World;
  /** Owns the tenant. */
  readonly host: Person;
  /** Whoever is signed in when the request is made; the host where nobody is. */
  readonly self: Person;
  /** Theirs. */
  readonly password: string;
}

/** Makes what the request is about, so that nothing but the caller can be wrong with it. */
type Make = (stage: Stage) => Sent | Promise<Sent>;

const NO_CODE = '000000';
const NEW_PASSWORD = 'nine orange walruses sing';
/** The body of what the host is answered. */
async function byHost({ world, host }: Stage, method: string, path: string, body?: unknown) {
  return (await world.call(method, path, { token: host.token, body })).body;
}

async function byPlatform({ world }: Stage, path: string, body?: unknown) {
  return (await world.post(path, body, { token: await world.owner() })).body;
}

async function someone(stage: Stage): Promise<string> {
  return (await aColleague(stage.world, stage.host)).id;
}

async function someoneRemoved(stage: Stage): Promise<string> {
  const id = await someone(stage);
  await byHost(stage, 'DELETE', `/users/${id}`);
  return id;
}

async function anInvitation(stage: Stage): Promise<string> {
  return (await byHost(stage, 'POST', '/auth/invite', { email: anAddress() })).id;
}

async function aModule(stage: Stage): Promise<string> {
  const name = `module${anId<string>().slice(-12)}`;
  await byPlatform(stage, '/modules', { name, permissions: [{ name: `${name}.read`, description: 'Read' }] });
  return name;
}

async function aProject({ world }: Stage): Promise<string> {
  const input = { name: 'Shop', settings: { signingAlgorithm: 'ES256' } } as const;
  return (await world.iam.projects.createProject.execute(OPERATOR, input)).id;
}

const A_WEBHOOK = { url: 'https://hooks.example.com/castellan' };
const A_PROVIDER = { id: 'acme', type: 'oidc', name: 'Acme', clientId: 'c' };

async function aConfiguredProvider(stage: Stage): Promise<string> {
  const list = `/projects/${await aProject(stage)}/providers`;
  return `${list}/${(await byPlatform(stage, list, A_PROVIDER)).id}`;
}

async function aWebhook(stage: Stage): Promise<string> {
  return `/webhooks/${(await byHost(stage, 'POST', '/webhooks', A_WEBHOOK)).id}`;
}

/** Of which the webhook was told. */
async function anEventOf(stage: Stage): Promise<string> {
  await publishAll(stage.world);
  const { data } = await byHost(stage, 'GET', '/events?type=webhook.created');
  return data.at(-1).id;
}

/** Offered to whoever is signed in, where that is somebody else of the tenant. */
async function anOffer(stage: Stage): Promise<string> {
  const { host, self } = stage;
  const toSelf = self.tenantId === host.tenantId && self.id !== host.id;
  const newOwnerId = toSelf ? self.id : await someone(stage);
  await byHost(stage, 'POST', `/tenants/${host.tenantId}/transfer`, { newOwnerId, password: PASSWORD });
  return `/tenants/${host.tenantId}/transfer`;
}

/** The code of an app that waits for its first; of none where the account may not have one. */
async function aFirstCode({ world, self }: Stage): Promise<string> {
  const { secret } = (await world.call('POST', '/auth/mfa/enable', { token: self.token })).body;
  return secret === undefined ? NO_CODE : codeAt(secret, world.clock.now());
}

/** The next code of an app that is set up; of none where the account may not have one. */
async function aNextCode(stage: Stage): Promise<string> {
  const { world, self } = stage;
  const code = await aFirstCode(stage);
  return code === NO_CODE ? code : (await protect(world, self))();
}

/** For every operation a request of the right shape about something of the host's, by name. */
export const VALID: Readonly<Record<string, Make>> = {
  'POST /auth/register': () => post('/auth/register', { email: anAddress(), password: PASSWORD }),
  'POST /auth/login': ({ host }) => post('/auth/login', { email: host.email, password: PASSWORD }),
  'POST /auth/refresh': ({ self }) => post('/auth/refresh', { refreshToken: self.refreshToken }),
  'POST /auth/logout': () => post('/auth/logout', {}),
  'POST /auth/reauthenticate': ({ password }) => post('/auth/reauthenticate', { password }),
  'GET /auth/me': () => get('/auth/me'),
  'PATCH /auth/me': () => patch('/auth/me', { firstName: 'Ada' }),
  'POST /auth/change-password': ({ password }) =>
    post('/auth/change-password', { currentPassword: password, newPassword: NEW_PASSWORD }),
  'GET /auth/sessions': () => get('/auth/sessions'),
  'DELETE /auth/sessions': () => del('/auth/sessions'),
  'DELETE /auth/sessions/{id}': async (stage) => {
    const { data } = await byHost(stage, 'GET', '/auth/sessions');
    return del(`/auth/sessions/${data[0].id}`);
  },
  'POST /auth/verify-email': async ({ world }) => {
    const { email } = await world.person();
    return post('/auth/verify-email', { token: latest(await world.mailsTo(email), 'verify-email-link').token });
  },
  'POST /auth/request-verify-email': () => post('/auth/request-verify-email'),
  'POST /auth/request-reset': ({ host }) => post('/auth/request-reset', { email: host.email }),
  'POST /auth/reset-password': async ({ world, host }) => {
    await world.post('/auth/request-reset', { email: host.email });
    const { token } = latest(await world.mailsTo(host.email), 'reset-password-link');
    return post('/auth/reset-password', { token, newPassword: NEW_PASSWORD });
  },
  'POST /auth/disown': async ({ world }) => {
    const { email } = await world.person();
    return post('/auth/disown', { token: latest(await world.mailsTo(email), 'verify-email-link').disownToken });
  },
  'POST /auth/mfa/enable': () => post('/auth/mfa/enable'),
  'POST /auth/mfa/verify': async (stage) => post('/auth/mfa/verify', { code: await aFirstCode(stage) }),
  'POST /auth/mfa/disable': async (stage) =>
    post('/auth/mfa/disable', { password: stage.password, mfaCode: await aNextCode(stage) }),
  'POST /auth/recovery': async ({ world }) => {
    const { email, answer } = await world.person();
    return post('/auth/recovery', { email, recoveryCode: answer.body.recoveryCodes[0] });
  },
  'GET /auth/recovery-codes': () => get('/auth/recovery-codes'),
  'POST /auth/recovery-codes/regenerate': ({ password }) => post('/auth/recovery-codes/regenerate', { password }),
  'GET /auth/tenants': () => get('/auth/tenants'),
  'POST /auth/select-tenant': async ({ world }) => {
    const { email, token, tenantId } = await anOwner(world);
    await world.post('/tenants', { name: 'Second' }, { token });
    const { sessionToken } = (await world.post('/auth/login', { email, password: PASSWORD })).body;
    return post('/auth/select-tenant', { sessionToken, tenantId });
  },
  'POST /auth/switch-tenant': ({ host }) => post('/auth/switch-tenant', { tenantId: host.tenantId }),
  'POST /auth/impersonate': ({ host }) =>
    post('/auth/impersonate', { tenantId: host.tenantId, reason: 'support_request' }),
  'GET /auth/providers': () => get('/auth/providers'),
  'POST /auth/login/{providerId}': () => post(`/auth/login/${ACME}`, {}),
  'GET /auth/login/{providerId}': () => get(`/auth/login/${ACME}`),
  'GET /auth/callback/{providerId}': async ({ world }) => {
    const started = await begun(world, `/auth/login/${ACME}`);
    const query = new URLSearchParams(parametersOf(started));
    return { ...get(`/auth/callback/${ACME}?${query}`), headers: { 'X-Verifier': started.verifier } };
  },
  'POST /auth/callback/{providerId}': async ({ world }) => {
    const wallet = aWallet();
    const { state, verifier, message } = await begun(world, `/auth/login/${WALLET}`, { body: wallet });
    return post(`/auth/callback/${WALLET}`, { state, verifier, ...answerOfWallet({ challenge: { message } }, wallet) });
  },
  'POST /auth/exchange': async ({ world }) => post('/auth/exchange', await anExchangeCode(world)),
  'POST /auth/mfa/challenge': async ({ world }) => {
    const { challengeToken, code } = await anMfaChallenge(world);
    return post('/auth/mfa/challenge', { challengeToken, mfaCode: await code() });
  },
  'POST /auth/invite': () => post('/auth/invite', { email: anAddress() }),
  'POST /auth/accept-invite': async (stage) => {
    const email = anAddress();
    await byHost(stage, 'POST', '/auth/invite', { email });
    return post('/auth/accept-invite', { token: await invitationTo(stage.world, email), password: PASSWORD });
  },

  'GET /invitations': () => get('/invitations'),
  'POST /invitations/{id}/resend': async (stage) => post(`/invitations/${await anInvitation(stage)}/resend`),
  'DELETE /invitations/{id}': async (stage) => del(`/invitations/${await anInvitation(stage)}`),

  'POST /users': () => post('/users', { email: anAddress() }),
  'GET /users': () => get('/users'),
  'GET /users/{id}': async (stage) => get(`/users/${await someone(stage)}`),
  'PATCH /users/{id}': async (stage) => patch(`/users/${await someone(stage)}`, { firstName: 'Ada' }),
  'PATCH /users/{id} status': async (stage) => patch(`/users/${await someone(stage)}`, { status: 'disabled' }),
  'DELETE /users/{id}': async (stage) => del(`/users/${await someone(stage)}`),
  'PATCH /users/{id}/restore': async (stage) => patch(`/users/${await someoneRemoved(stage)}/restore`, undefined),
  'POST /users/{id}/restore': async (stage) => post(`/users/${await someoneRemoved(stage)}/restore`),
  'POST /users/{id}/roles': async (stage) => post(`/users/${await someone(stage)}/roles`, { role: 'admin' }),
  'DELETE /users/{id}/roles/{role}': async (stage) => del(`/users/${await someone(stage)}/roles/member`),
  'GET /users/{id}/permissions': async (stage) => get(`/users/${await someone(stage)}/permissions`),

  'GET /users/{id}/providers': async (stage) => get(`/users/${await someone(stage)}/providers`),
  'POST /users/{id}/providers/{providerId}': async (stage) =>
    post(`/users/${await someone(stage)}/providers/${ACME}`, {}),
  'POST /users/{id}/providers/{providerId} own': ({ self }) => post(`/users/${self.id}/providers/${ACME}`, {}),
  'DELETE /users/{id}/providers/{providerId}': async ({ world, host }) => {
    const colleague = await aColleague(world, host);
    await aLink(world, colleague);
    return del(`/users/${colleague.id}/providers/${ACME}`);
  },

  'GET /roles': () => get('/roles'),
  'POST /roles': () => post('/roles', { name: `Support ${randomUUID()}`, permissions: ['users.list'] }),
  'GET /roles/{id}': async ({ world, host }) => get(`/roles/${(await aRole(world, host)).id}`),
  'PATCH /roles/{id}': async ({ world, host }) =>
    patch(`/roles/${(await aRole(world, host)).id}`, { permissions: ['users.list'] }),
  'DELETE /roles/{id}': async ({ world, host }) => del(`/roles/${(await aRole(world, host)).id}`),
  'GET /permissions': () => get('/permissions'),
  'GET /modules': () => get('/modules'),
  'POST /modules': () => post('/modules', { name: `module${anId<string>().slice(-12)}`, permissions: [] }),
  'DELETE /modules/{name}': async (stage) => del(`/modules/${await aModule(stage)}`),
  'POST /authz/check': () => post('/authz/check', { permission: 'users.list' }),
  'POST /authz/check another': async (stage) =>
    post('/authz/check', { permission: 'users.list', userId: await someone(stage) }),

  'POST /tenants': () => post('/tenants', { name: 'Another' }),
  'GET /tenants': () => get('/tenants'),
  'GET /tenants/{id}': ({ host }) => get(`/tenants/${host.tenantId}`),
  'PATCH /tenants/{id}': ({ host }) => patch(`/tenants/${host.tenantId}`, { name: 'Renamed' }),
  'POST /tenants/{id}/block': ({ host }) => post(`/tenants/${host.tenantId}/block`),
  'POST /tenants/{id}/unblock': ({ host }) => post(`/tenants/${host.tenantId}/unblock`),
  'POST /tenants/{id}/transfer': async (stage) => {
    const { host, password } = stage;
    return post(`/tenants/${host.tenantId}/transfer`, { newOwnerId: await someone(stage), password });
  },
  'POST /tenants/{id}/transfer/accept': async (stage) => post(`${await anOffer(stage)}/accept`),
  'DELETE /tenants/{id}/transfer': async (stage) => del(await anOffer(stage)),

  'POST /webhooks': () => post('/webhooks', A_WEBHOOK),
  'GET /webhooks': () => get('/webhooks'),
  'GET /webhooks/{id}': async (stage) => get(await aWebhook(stage)),
  'PATCH /webhooks/{id}': async (stage) => patch(await aWebhook(stage), { description: 'Changed' }),
  'DELETE /webhooks/{id}': async (stage) => del(await aWebhook(stage)),
  'POST /webhooks/{id}/rotate-secret': async (stage) => post(`${await aWebhook(stage)}/rotate-secret`),
  'GET /webhooks/{id}/deliveries': async (stage) => get(`${await aWebhook(stage)}/deliveries`),
  'POST /webhooks/{id}/deliveries/{eventId}/redeliver': async (stage) =>
    post(`${await aWebhook(stage)}/deliveries/${await anEventOf(stage)}/redeliver`),
  'GET /events': () => get('/events'),

  'GET /audit/records': () => get('/audit/records'),
  'GET /audit/export': () => get('/audit/export'),
  'GET /audit/checkpoints': () => get('/audit/checkpoints'),

  'POST /projects': () => post('/projects', { name: 'Shop', settings: { signingAlgorithm: 'ES256' } }),
  'GET /projects': () => get('/projects'),
  'GET /projects/{id}': async (stage) => get(`/projects/${await aProject(stage)}`),
  'PATCH /projects/{id}': async (stage) => patch(`/projects/${await aProject(stage)}`, { name: 'Renamed' }),
  'POST /projects/{id}/api-keys': async (stage) =>
    post(`/projects/${await aProject(stage)}/api-keys`, { name: 'Server', permissions: ['auth'] }),
  'GET /projects/{id}/api-keys': async (stage) => get(`/projects/${await aProject(stage)}/api-keys`),
  'DELETE /projects/{id}/api-keys/{keyId}': async (stage) => {
    const id = await aProject(stage);
    const key = await byPlatform(stage, `/projects/${id}/api-keys`, { name: 'Server', permissions: ['auth'] });
    return del(`/projects/${id}/api-keys/${key.id}`);
  },
  'GET /projects/{id}/signing-keys': async (stage) => get(`/projects/${await aProject(stage)}/signing-keys`),
  /** Of a project whose next key has been published for long enough. */
  'POST /projects/{id}/signing-keys/rotate': ({ world }) => post(`/projects/${world.platform.id}/signing-keys/rotate`),
  'DELETE /projects/{id}/signing-keys/{kid}': async (stage) => {
    const id = await aProject(stage);
    const { data } = (await stage.world.get(`/projects/${id}/signing-keys`, await stage.world.owner())).body;
    return del(`/projects/${id}/signing-keys/${data[0].kid}`);
  },
  'POST /projects/{id}/providers': async (stage) => post(`/projects/${await aProject(stage)}/providers`, A_PROVIDER),
  'GET /projects/{id}/providers': async (stage) => get(`/projects/${await aProject(stage)}/providers`),
  'PATCH /projects/{id}/providers/{providerId}': async (stage) =>
    patch(await aConfiguredProvider(stage), { enabled: false }),
  'DELETE /projects/{id}/providers/{providerId}': async (stage) => del(await aConfiguredProvider(stage)),
};
