import { beforeAll, describe, expect, it } from 'vitest';
import { aV1World } from './v1-world.ts';

type Operation = {
  security?: unknown;
  requestBody?: unknown;
  responses: Record<string, { content?: object; headers?: object }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: object } };

let paths: Document['paths'];
let document: Document;
beforeAll(async () => {
  const { app } = await aV1World();
  document = (await (await app.request('/openapi.json')).json()) as Document;
  const own = Object.entries(document.paths).filter(([path]) => !/^\/api\/v1\/(?:gate|pub)\//.test(path));
  paths = Object.fromEntries(own.map(([path, item]) => [path.slice('/api/v1'.length), item]));
});

describe('the OpenAPI document', () => {
  it('has every route of v1, and no other', () => {
    const routes = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(routes.sort()).toEqual(
      [
        'post /auth/register',
        'post /auth/login',
        'post /auth/refresh',
        'post /auth/logout',
        'post /auth/reauthenticate',
        'get /auth/providers',
        'post /auth/login/{providerId}',
        'get /auth/login/{providerId}',
        'get /auth/callback/{providerId}',
        'post /auth/callback/{providerId}',
        'post /auth/exchange',
        'get /auth/me',
        'patch /auth/me',
        'post /auth/change-password',
        'get /auth/sessions',
        'delete /auth/sessions',
        'delete /auth/sessions/{id}',
        'post /auth/verify-email',
        'post /auth/request-verify-email',
        'post /auth/request-reset',
        'post /auth/reset-password',
        'post /auth/disown',
        'post /auth/mfa/enable',
        'post /auth/mfa/verify',
        'post /auth/mfa/challenge',
        'post /auth/mfa/disable',
        'post /auth/recovery',
        'get /auth/recovery-codes',
        'post /auth/recovery-codes/regenerate',
        'get /auth/tenants',
        'post /auth/select-tenant',
        'post /auth/switch-tenant',
        'post /auth/impersonate',
        'post /auth/invite',
        'post /auth/accept-invite',
        'get /invitations',
        'post /invitations/{id}/resend',
        'delete /invitations/{id}',
        'post /users',
        'get /users',
        'get /users/{id}',
        'patch /users/{id}',
        'delete /users/{id}',
        'patch /users/{id}/restore',
        'post /users/{id}/restore',
        'post /users/{id}/roles',
        'delete /users/{id}/roles/{role}',
        'get /users/{id}/permissions',
        'get /users/{id}/providers',
        'post /users/{id}/providers/{providerId}',
        'delete /users/{id}/providers/{providerId}',
        'get /roles',
        'post /roles',
        'get /roles/{id}',
        'patch /roles/{id}',
        'delete /roles/{id}',
        'get /permissions',
        'get /modules',
        'post /modules',
        'delete /modules/{name}',
        'post /authz/check',
        'post /tenants',
        'get /tenants',
        'get /tenants/{id}',
        'patch /tenants/{id}',
        'post /tenants/{id}/block',
        'post /tenants/{id}/unblock',
        'post /tenants/{id}/transfer',
        'delete /tenants/{id}/transfer',
        'post /tenants/{id}/transfer/accept',
        'post /webhooks',
        'get /webhooks',
        'get /webhooks/{id}',
        'patch /webhooks/{id}',
        'delete /webhooks/{id}',
        'post /webhooks/{id}/rotate-secret',
        'get /webhooks/{id}/deliveries',
        'post /webhooks/{id}/deliveries/{eventId}/redeliver',
        'get /events',
        'get /audit/records',
        'get /audit/export',
        'get /audit/checkpoints',
        'post /projects',
        'get /projects',
        'get /projects/{id}',
        'patch /projects/{id}',
        'post /projects/{id}/api-keys',
        'get /projects/{id}/api-keys',
        'delete /projects/{id}/api-keys/{keyId}',
        'get /projects/{id}/signing-keys',
        'post /projects/{id}/signing-keys/rotate',
        'delete /projects/{id}/signing-keys/{kid}',
        'get /projects/{id}/providers',
        'post /projects/{id}/providers',
        'patch /projects/{id}/providers/{providerId}',
        'delete /projects/{id}/providers/{providerId}',
      ].sort(),
    );
  });

  it('describes a success and the problems of each', () => {
    for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
      const statuses = Object.keys(operation.responses);
      // A browser is only ever sent on.
      expect(statuses.some((status) => /^(?:2|303)/.test(status))).toBe(true);
      expect(statuses).toEqual(expect.arrayContaining(['429', '500', '503']));
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (Number(status) >= 400) expect(content).toHaveProperty(['application/problem+json']);
      }
      if (operation.security !== undefined) expect(statuses).toContain('401');
    }
  });

  it('says that a locked recovery may end by itself, and that no other refusal of that kind does', () => {
    for (const [path, item] of Object.entries(paths)) {
      for (const { responses } of Object.values(item)) {
        const waits = 'Retry-After' in (responses[403]?.headers ?? {});
        expect(waits, path).toBe(path === '/auth/recovery');
      }
    }
  });

  it('names the schemas that answers share', () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining([
        'TokenPair',
        'User',
        'OwnProfile',
        'UserWithSummary',
        'Invitation',
        'Role',
        'Module',
        'Tenant',
        'Project',
        'ProjectSettings',
        'ApiKey',
        'Provider',
        'ProviderLink',
        'StartedAtProvider',
        'Webhook',
        'WebhookWithSecret',
        'WebhookDelivery',
        'Event',
        'Problem',
      ]),
    );
  });
});
