import { describe, expect, it } from 'vitest';
import { HERE, OPERATOR } from '../../src/application/actor.ts';
import { anId } from '../support/builders.ts';
import { aColleague, anOwner, aRole } from './v1-people.ts';
import { HOOK, NOT_FOUND, webhookStage } from './webhook-stage.ts';

const { world, owner, by, aWebhook, deliver, told, typesTold, rename } = webhookStage();

describe('webhooks and events', () => {
  const paths = (id: string, eventId: string): readonly (readonly [method: string, path: string, body?: object])[] => [
    ['GET', `/webhooks/${id}`],
    ['PATCH', `/webhooks/${id}`, { enabled: false }],
    ['DELETE', `/webhooks/${id}`],
    ['POST', `/webhooks/${id}/rotate-secret`],
    ['GET', `/webhooks/${id}/deliveries`],
    ['POST', `/webhooks/${id}/deliveries/${eventId}/redeliver`],
  ];

  it('are nothing to another tenant', async () => {
    const { id, secret } = await aWebhook();
    await rename('Ours');
    await deliver();
    const [{ eventId }] = (await by('GET', `/webhooks/${id}/deliveries`)).body.data;
    const stranger = await anOwner(world());
    for (const [method, path, body] of paths(id, eventId)) {
      expect(await world().call(method, path, { token: stranger.token, body }), path).toMatchObject(NOT_FOUND);
    }
    expect((await world().get('/webhooks', stranger.token)).body).toEqual({ data: [] });
    const theirs = (await world().post('/webhooks', { url: HOOK }, { token: stranger.token })).body;
    expect(
      await world().post(`/webhooks/${theirs.id}/deliveries/${eventId}/redeliver`, undefined, {
        token: stranger.token,
      }),
    ).toMatchObject(NOT_FOUND);
    const before = told(secret).length;
    await aRole(world(), stranger);
    await deliver();
    expect(typesTold(theirs.secret)).toContain('role.created');
    expect(told(secret)).toHaveLength(before);
  });

  it('need `settings.update`', async () => {
    const { id } = await aWebhook();
    const { token } = await aColleague(world(), owner());
    const lists = ['/webhooks', '/events'].map((path) => ['GET', path] as const);
    const all = [...lists, ['POST', '/webhooks', { url: HOOK }] as const, ...paths(id, anId<string>())];
    for (const [method, path, body] of all) {
      const refused = await world().call(method, path, { token, body });
      expect(refused, `${method} ${path}`).toMatchObject({
        status: 403,
        problem: 'forbidden',
        body: { requiredPermission: 'settings.update' },
      });
    }
  });

  it('can be looked at, and not touched, in somebody’s place', async () => {
    const { id } = await aWebhook();
    await deliver();
    const input = { tenantId: owner().tenantId, reason: 'support_request' };
    const { accessToken: token } = (await world().post('/auth/impersonate', input, { token: await world().owner() }))
      .body;
    const looks = ['/webhooks', '/events', `/webhooks/${id}`, `/webhooks/${id}/deliveries`];
    for (const path of looks) expect((await world().get(path, token)).status, path).toBe(200);
    const changes = [['POST', '/webhooks', { url: HOOK }] as const, ...paths(id, anId<string>())];
    for (const [method, path, body] of changes.filter(([method]) => method !== 'GET')) {
      expect(await world().call(method, path, { token, body }), `${method} ${path}`).toMatchObject({
        status: 403,
        problem: 'impersonation-restricted',
      });
    }
  });

  it('of the root tenant are what a key with `manage` looks after: it is told of accounts, too', async () => {
    const project = await world().iam.projects.createProject.execute(OPERATOR, {
      name: 'Shop',
      settings: { signingAlgorithm: 'ES256', emailVerificationRequired: false },
    });
    const input = { projectId: project.id, name: 'Server', permissions: ['manage'] } as const;
    const { key } = await world().iam.projects.createApiKey.execute(OPERATOR, input);
    const headers = { 'X-API-Key': key, 'X-Project-Id': project.id };
    const { status, body } = await world().post('/webhooks', { url: HOOK, eventTypes: ['user.*'] }, { headers });
    expect(status).toBe(201);
    const visitor = { projectId: project.id, dialect: 'gate', origin: HERE } as const;
    await world().iam.authentication.register.execute(visitor, {
      email: 'ada@example.test',
      password: 'seven purple elephants dance',
    });
    await deliver();
    expect(typesTold(body.secret)).toContain('user.registered');
    expect(
      told(body.secret)
        .map(({ body }) => body)
        .join(),
    ).not.toContain('ada@example.test');
    const { data } = (await world().get('/events?type=user.*', undefined, { headers })).body;
    expect(data[0]).toMatchObject({ type: 'user.registered', tenantId: null, sequence: 1 });
  });
});
