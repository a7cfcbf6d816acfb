import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aRole } from './v1-people.ts';
import { HOOK, NOT_FOUND, violation, webhookStage } from './webhook-stage.ts';

const A_DAY = 24 * 60 * 60;
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

const { world, owner, receiver, by, create, aWebhook, deliver, told, typesTold, rename, refresh } = webhookStage();

const withoutSecret = ({ secret: _, ...rest }: Record<string, unknown>) => rest;

describe('POST /webhooks', () => {
  it('answers with the webhook, and with its secret this once', async () => {
    const given = { description: 'The shop', eventTypes: ['role.created', 'membership.*', 'role.created'] };
    const { status, body, headers } = await create(given);
    expect(status).toBe(201);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(body).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      url: HOOK,
      description: 'The shop',
      eventTypes: ['membership.*', 'role.created'],
      enabled: true,
      disabledReason: null,
      secretsLive: 1,
      createdAt: expect.stringMatching(/Z$/),
      secret: expect.stringMatching(SECRET),
    });
    const shown = withoutSecret(body);
    expect((await by('GET', `/webhooks/${body.id}`)).body).toEqual(shown);
    expect((await by('GET', '/webhooks')).body).toEqual({ data: [shown] });
    expect((await by('PATCH', `/webhooks/${body.id}`, { body: {} })).body).toEqual(shown);
  });

  it('is told everything where nothing is said of it', async () => {
    expect((await create()).body).toMatchObject({ description: null, eventTypes: [] });
  });

  it.each([
    [{ url: undefined }, 'url', 'REQUIRED'],
    [{ url: 5 }, 'url', 'INVALID_TYPE'],
    [{ url: 'hooks.example.com' }, 'url', 'INVALID_FORMAT'],
    [{ url: 'ftp://hooks.example.com' }, 'url', 'INVALID_FORMAT'],
    [{ url: `${HOOK}?${'x'.repeat(2_048)}` }, 'url', 'TOO_LONG'],
    [{ url: 'http://hooks.example.com/' }, 'url', 'NOT_ALLOWED'],
    [{ url: 'https://ada:secret@hooks.example.com/' }, 'url', 'NOT_ALLOWED'],
    [{ url: `${HOOK}#part` }, 'url', 'NOT_ALLOWED'],
    [{ url: 'https://127.0.0.1/' }, 'url', 'NOT_ALLOWED'],
    [{ url: 'https://[::ffff:169.254.169.254]/' }, 'url', 'NOT_ALLOWED'],
    [{ description: '' }, 'description', 'TOO_SHORT'],
    [{ description: 'x'.repeat(513) }, 'description', 'TOO_LONG'],
    [{ description: 'two\nlines' }, 'description', 'NOT_ALLOWED'],
    [{ eventTypes: 'user.*' }, 'eventTypes', 'INVALID_TYPE'],
    [{ eventTypes: ['user.*', 'user.born'] }, 'eventTypes.1', 'NOT_ALLOWED'],
    [{ eventTypes: ['*'] }, 'eventTypes.0', 'NOT_ALLOWED'],
    [{ eventTypes: ['user-registered'] }, 'eventTypes.0', 'NOT_ALLOWED'],
    [{ eventTypes: Array(51).fill('user.*') }, 'eventTypes', 'TOO_LONG'],
  ])('refuses %j', async (given, field, code) => {
    expect(await create(given)).toMatchObject(violation(field, code));
    expect((await by('GET', '/webhooks')).body.data).toEqual([]);
  });

  it('makes one of what is asked for twice, and never shows its secret again', async () => {
    const headers = { 'Idempotency-Key': 'the-one-webhook' };
    expect((await create({}, { headers })).status).toBe(201);
    expect(await create({}, { headers })).toMatchObject({ status: 409, problem: 'already-done' });
    expect(await create({ description: 'x' }, { headers })).toMatchObject({ status: 422 });
    expect((await by('GET', '/webhooks')).body.data).toHaveLength(1);
  });

  it('makes no more than twenty of a tenant, however many are asked for at once', async () => {
    for (let i = 0; i < 12; i += 1) await aWebhook();
    const { succeeded: answers } = await sixteenAtOnce(() => create());
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ problem }) => problem === 'webhook-limit-reached');
    expect(refused.every(({ status, body }) => status === 409 && body.limit === 20)).toBe(true);
    const { data } = (await by('GET', '/webhooks')).body;
    expect([data.length, made.length]).toEqual([12 + made.length, data.length - 12]);
    expect(data.length).toBeLessThanOrEqual(20);
    while ((await create()).status === 201);
    expect((await by('GET', '/webhooks')).body.data).toHaveLength(20);
    expect((await by('DELETE', `/webhooks/${data[0].id}`)).status).toBe(204);
    expect((await create()).status).toBe(201);
  });
});

describe('a webhook', () => {
  it('gets one new secret for what is asked for twice', async () => {
    const { id } = await aWebhook();
    const headers = { 'Idempotency-Key': 'the-one-rotation' };
    const path = `/webhooks/${id}/rotate-secret`;
    expect((await by('POST', path, { headers })).status).toBe(200);
    expect(await by('POST', path, { headers })).toMatchObject({ status: 409, problem: 'already-done' });
  });

  it('has a strong validator, which a change asks about', async () => {
    const { id } = await aWebhook();
    const path = `/webhooks/${id}`;
    const etag = (await by('GET', path)).headers.get('ETag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    expect(await by('GET', path, { headers: { 'If-None-Match': etag } })).toMatchObject({ status: 304, text: '' });

    const headers = { 'If-Match': etag };
    const changed = await by('PATCH', path, { body: { description: 'Changed' }, headers });
    expect(changed).toMatchObject({ status: 200, body: { description: 'Changed', url: HOOK } });
    expect(changed.headers.get('ETag')).toBe((await by('GET', path)).headers.get('ETag'));
    for (const method of ['PATCH', 'DELETE']) {
      const stale = await by(method, path, { headers, ...(method === 'PATCH' && { body: { description: 'Lost' } }) });
      expect(stale).toMatchObject({ status: 412, problem: 'precondition-failed' });
    }
    const fresh = { 'If-Match': changed.headers.get('ETag') ?? '' };
    expect((await by('DELETE', path, { headers: fresh })).status).toBe(204);
    expect(await by('GET', path)).toMatchObject(NOT_FOUND);
  });

  it.each([
    [{ url: 'http://127.0.0.1/' }, 'url', 'NOT_ALLOWED'],
    [{ url: null }, 'url', 'INVALID_TYPE'],
    [{ eventTypes: ['nothing.*'] }, 'eventTypes.0', 'NOT_ALLOWED'],
    [{ enabled: 'yes' }, 'enabled', 'INVALID_TYPE'],
  ])('cannot become %j', async (change, field, code) => {
    const { id } = await aWebhook();
    expect(await by('PATCH', `/webhooks/${id}`, { body: change })).toMatchObject(violation(field, code));
  });

  it('gets what it asks for, from the moment on that it is there', async () => {
    await rename('Before');
    await deliver();
    const all = await aWebhook();
    const roles = await aWebhook({ eventTypes: ['role.*'] });
    await rename('After');
    await aRole(world(), owner());
    await deliver();
    expect(typesTold(all.secret)).toEqual(['webhook.created', 'webhook.created', 'tenant.updated', 'role.created']);
    expect(typesTold(roles.secret)).toEqual(['role.created']);
  });

  it('is told with a body that says what, of what, and which of it', async () => {
    const { secret } = await aWebhook({ eventTypes: ['tenant.updated'] });
    await rename('First');
    await rename('Second');
    await deliver();
    const [first, second] = told(secret);
    const subject = { kind: 'tenant', id: owner().tenantId };
    const told1 = JSON.parse(first?.body ?? '');
    expect(told1).toMatchObject({ type: 'tenant.updated', data: { tenantId: owner().tenantId }, subject });
    expect(Object.keys(told1)).toEqual(['type', 'timestamp', 'data', 'sequence', 'subject']);
    expect(JSON.parse(second?.body ?? '').sequence).toBe(told1.sequence + 1);
  });

  it('gets nothing while it is switched off, and goes on when it is switched on', async () => {
    const { id, secret } = await aWebhook({ eventTypes: ['tenant.updated'] });
    expect((await by('PATCH', `/webhooks/${id}`, { body: { enabled: false } })).body).toMatchObject({
      enabled: false,
      disabledReason: null,
    });
    await rename('Unheard');
    await deliver();
    expect(told(secret)).toEqual([]);
    await by('PATCH', `/webhooks/${id}`, { body: { enabled: true } });
    await rename('Heard');
    await deliver();
    expect(typesTold(secret)).toEqual(['tenant.updated']);
  });

  it('is switched off when the receiver is gone, and says why', async () => {
    const { id, secret } = await aWebhook({ eventTypes: ['tenant.updated'] });
    receiver.answer = () => ({ status: 410 });
    await rename('Gone');
    await deliver();
    expect((await by('GET', `/webhooks/${id}`)).body).toMatchObject({ enabled: false, disabledReason: 'gone' });
    await rename('Gone for good');
    await deliver();
    expect(told(secret)).toHaveLength(1);
  });

  it('tells its secret to nobody but whoever makes or rotates it', async () => {
    const { id, secret } = await aWebhook();
    const rotated = (await by('POST', `/webhooks/${id}/rotate-secret`)).body.secret;
    await rename('Whatever');
    await deliver();
    const shown = await Promise.all(
      [
        '/webhooks',
        `/webhooks/${id}`,
        `/webhooks/${id}/deliveries`,
        '/events?limit=100',
        '/audit/records?limit=100',
      ].map(async (path) => (await by('GET', path)).text),
    );
    for (const known of [secret, rotated]) {
      expect(shown.join()).not.toContain(known.slice('whsec_'.length));
      expect(
        told(known)
          .map(({ body }) => body)
          .join(),
      ).not.toContain(known.slice('whsec_'.length));
    }
  });
});

describe('POST /webhooks/{id}/rotate-secret', () => {
  const rotate = (id: string) => by('POST', `/webhooks/${id}/rotate-secret`);

  it('answers with a new secret, beside which the old one signs for a day', async () => {
    const { id, secret } = await aWebhook({ eventTypes: ['tenant.updated'] });
    const { status, body, headers } = await rotate(id);
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({ id, secretsLive: 2, secret: expect.stringMatching(SECRET) });
    expect(body.secret).not.toBe(secret);

    await rename('Both');
    await deliver();
    expect(told(secret).map(({ secrets }) => secrets)).toEqual([[body.secret, secret]]);
    world().clock.advance(A_DAY + 1);
    await refresh();
    expect((await by('GET', `/webhooks/${id}`)).body.secretsLive).toBe(1);
    await rename('The new one');
    await deliver();
    expect(told(body.secret).at(-1)?.secrets).toEqual([body.secret]);
  });

  it('keeps no more than two', async () => {
    const { id, secret } = await aWebhook({ eventTypes: ['tenant.updated'] });
    const second = (await rotate(id)).body.secret;
    const third = (await rotate(id)).body.secret;
    await rename('Two');
    await deliver();
    expect(told(secret)).toEqual([]);
    expect(told(third).map(({ secrets }) => secrets)).toEqual([[third, second]]);
  });

  it('makes secrets that the library of the receiver takes', async () => {
    const { secret } = await aWebhook();
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect(() => new Webhook(secret)).not.toThrow();
  });
});
