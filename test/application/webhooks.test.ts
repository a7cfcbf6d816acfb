import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyActor, OPERATOR, operatorIn, type UserActor } from '../../src/application/actor.ts';
import type { CreateWebhookInput } from '../../src/application/webhooks/create-webhook.ts';
import type { WebhookKeeper } from '../../src/application/webhooks/webhook-authority.ts';
import type { EventId } from '../../src/domain/webhook/public-event.ts';
import type { WebhookId } from '../../src/domain/webhook/webhook-endpoint.ts';
import { aProjectOf, from, type TestIam } from '../support/an-iam.ts';
import { anId } from '../support/builders.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { dumpOf } from '../support/store-dump.ts';
import { answerOf } from './recovery-person.ts';
import { anEmployeeOf, anOwner } from './tenant-people.ts';
import { aWebhookWorld, create, deliver, type InMemoryReceivers, keeperOf, URL } from './webhook-people.ts';

let test: TestIam;
let receivers: InMemoryReceivers;
let owner: UserActor;
beforeAll(async () => {
  ({ test, receivers } = await aWebhookWorld());
});
beforeEach(async () => {
  owner = (await anOwner(test)).actor;
});

/** The trail has other readers than the webhook. */
const HOST = 'https://receiver.example.test';

const first = { after: undefined, limit: 20 };

/** Everything that there is to do about one. */
const deeds: readonly (readonly [string, (by: WebhookKeeper, id: WebhookId, eventId: EventId) => Promise<unknown>])[] =
  [
    ['read', (by, id) => test.iam.webhooks.readWebhook.execute(by, id)],
    ['changed', (by, id) => test.iam.webhooks.changeWebhook.execute(by, { id, description: 'Mine' })],
    ['given another secret', (by, id) => test.iam.webhooks.rotateWebhookSecret.execute(by, id)],
    ['asked for its deliveries', (by, id) => test.iam.webhooks.listDeliveries.execute(by, id, first)],
    ['told again', (by, id, eventId) => test.iam.webhooks.redeliver.execute(by, { id, eventId })],
    ['removed', (by, id) => test.iam.webhooks.removeWebhook.execute(by, { id })],
  ];
const general: readonly (readonly [string, (by: WebhookKeeper) => Promise<unknown>])[] = [
  ['created', (by) => create(test, by)],
  ['listed', (by) => test.iam.webhooks.listWebhooks.execute(by)],
];

async function aTold(by: WebhookKeeper): Promise<{ id: WebhookId; eventId: EventId }> {
  const { webhook } = await create(test, by, ['webhook.created']);
  await deliver(test);
  const { items } = await test.iam.webhooks.listDeliveries.execute(by, webhook.id, first);
  const [delivery] = items;
  if (!delivery) throw new Error('nothing was delivered');
  return { id: webhook.id, eventId: delivery.eventId };
}

describe('a webhook', () => {
  it('shows its secret once, and keeps it sealed', async () => {
    const { webhook, secret } = await create(test, owner, ['user.*']);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook).toMatchObject({ url: URL, eventTypes: ['user.*'], enabled: true, secretsLive: 1 });
    expect(webhook).toMatchObject({ tenantId: owner.tenantId, createdBy: owner.userId });
    const { readWebhook, listWebhooks } = test.iam.webhooks;
    expect(await readWebhook.execute(owner, webhook.id)).toEqual(webhook);
    expect(await listWebhooks.execute(owner)).toEqual([webhook]);
    expect(JSON.stringify(webhook)).not.toMatch(/whsec|"secret"|previousSecret/);
    expect(dumpOf(test.store)).toContain(webhook.id);
    expect(dumpOf(test.store)).not.toContain(secret);
    const audited = test.audited('webhook.created', { entityId: webhook.id });
    expect(audited).toMatchObject([{ tenantId: owner.tenantId, actorId: owner.userId, after: { url: HOST } }]);
  });

  it('has a secret that is sealed for it alone', async () => {
    const [{ webhook, secret }, other] = [await create(test, owner), await create(test, owner)];
    const { secretBox } = test.ports;
    const sealed = test.store.webhookEndpoints.get(`${owner.projectId} ${owner.tenantId} ${webhook.id}`)?.secret;
    if (sealed === undefined) throw new Error('not stored');
    expect(secretBox.open(sealed, `webhook ${owner.projectId} ${webhook.id}`)).toBe(secret);
    expect(() => secretBox.open(sealed, `webhook ${owner.projectId} ${other.webhook.id}`)).toThrow();
  });

  it('is changed, and what is asked of it is what it does', async () => {
    await deliver(test);
    const { webhook } = await create(test, owner, ['webhook.*']);
    const { changeWebhook } = test.iam.webhooks;
    const elsewhere = 'https://elsewhere.example.test/';
    const changed = await changeWebhook.execute(owner, { id: webhook.id, url: elsewhere, eventTypes: ['role.*'] });
    expect(changed).toMatchObject({ url: elsewhere, eventTypes: ['role.*'] });
    const audited = test.audited('webhook.updated', { entityId: webhook.id, actorId: owner.userId });
    expect(audited).toMatchObject([
      { before: { url: HOST, eventTypes: ['webhook.*'] }, after: { url: 'https://elsewhere.example.test' } },
    ]);
    await deliver(test);
    expect(receivers.at(elsewhere)).toEqual([]);
    await test.iam.roles.composeRole.execute(owner, { name: 'Desk', permissions: [] });
    await deliver(test);
    expect(receivers.at(elsewhere).map(({ body }) => JSON.parse(body).type)).toEqual(['role.created']);
  });

  it('leaves a trace of another address also where it differs in what the trail does not show', async () => {
    const { webhook } = await create(test, owner);
    const { id } = webhook;
    const { changeWebhook } = test.iam.webhooks;
    await changeWebhook.execute(owner, { id, url: `${URL}/mine` });
    await changeWebhook.execute(owner, { id, url: `${URL}/mine`, description: 'The same' });
    await changeWebhook.execute(owner, { id, description: 'Mine' });
    const trail = test.audited('webhook.updated', { entityId: id });
    expect(trail.map(({ metadata }) => metadata)).toEqual([{ urlChanged: true }, undefined, undefined]);
    expect(trail[0]).toMatchObject({ before: { url: HOST }, after: { url: HOST } });
    expect(JSON.stringify(trail)).not.toContain('/mine');
  });

  it.each<[string, Partial<CreateWebhookInput>, string]>([
    ['an address that nothing is sent to', { url: 'http://receiver.example.test' }, 'url NOT_ALLOWED'],
    ['an event that there is not', { eventTypes: ['user.*', 'user.flown'] }, 'eventTypes.1 NOT_ALLOWED'],
  ])('is refused with %s', async (_what, given, expected) => {
    const violations = (attempt: Promise<unknown>) =>
      attempt.then(
        () => 'done',
        ({ details }) =>
          details.violations.map((one: { field: string; code: string }) => `${one.field} ${one.code}`).join(),
      );
    const { webhook } = await create(test, owner);
    const { createWebhook, changeWebhook } = test.iam.webhooks;
    expect(await violations(createWebhook.execute(owner, { url: URL, ...given }))).toBe(expected);
    expect(await violations(changeWebhook.execute(owner, { id: webhook.id, ...given }))).toBe(expected);
  });

  it('is changed and removed only as it was seen', async () => {
    const { webhook } = await create(test, owner);
    const { changeWebhook, removeWebhook } = test.iam.webhooks;
    const given = { id: webhook.id, ifMatch: (current: object) => JSON.stringify(current) === JSON.stringify(webhook) };
    await changeWebhook.execute(owner, { ...given, description: 'Seen' });
    expect(await answerOf(changeWebhook.execute(owner, { ...given, description: 'Unseen' }))).toBe(
      'precondition-failed',
    );
    expect(await answerOf(removeWebhook.execute(owner, given))).toBe('precondition-failed');
    expect(await test.iam.webhooks.readWebhook.execute(owner, webhook.id)).toMatchObject({ description: 'Seen' });
  });

  it('is gone once it is removed, and nothing is told there any more', async () => {
    const url = 'https://gone.example.test/?token=1';
    const { webhook } = await create(test, owner, ['webhook.*'], url);
    await test.iam.webhooks.removeWebhook.execute(owner, { id: webhook.id });
    await deliver(test);
    expect(receivers.at(url)).toEqual([]);
    expect(await answerOf(test.iam.webhooks.readWebhook.execute(owner, webhook.id))).toBe('not-found');
    expect(test.audited('webhook.removed', { entityId: webhook.id })).toMatchObject([
      { before: { url: 'https://gone.example.test' } },
    ]);
  });

  it('is one of twenty at most, however many are created at once', async () => {
    for (let count = 0; count < 15; count += 1) await create(test, owner);
    const codes = (refused: readonly unknown[]) => [
      ...new Set(refused.map((error) => (error as { code: string }).code)),
    ];
    const list = () => test.iam.webhooks.listWebhooks.execute(owner);
    let attempts = 0;
    while ((await list()).length < 20 && attempts < 10) {
      const { refused } = await sixteenAtOnce(() => create(test, owner));
      expect(codes(refused).filter((code) => code !== 'conflict' && code !== 'webhook-limit-reached')).toEqual([]);
      attempts += 1;
    }
    expect(await list()).toHaveLength(20);
    await expect(create(test, owner)).rejects.toMatchObject({ code: 'webhook-limit-reached', details: { limit: 20 } });
    await test.iam.webhooks.removeWebhook.execute(owner, { id: (await list())[0]?.id as WebhookId });
    await create(test, owner);
  });
});

describe('who looks after webhooks', () => {
  it('is whoever may change the settings of the tenant, and nobody else', async () => {
    const member = (await anEmployeeOf(test, { actor: owner })).actor;
    const { id, eventId } = await aTold(owner);
    for (const [, deed] of general) expect(await answerOf(deed(member))).toBe('forbidden');
    for (const [, deed] of deeds) expect(await answerOf(deed(member, id, eventId))).toBe('forbidden');
    const trail = test.audited('auth.forbidden', { actorId: member.userId });
    expect(trail.length).toBe(general.length + deeds.length);
    for (const { metadata } of trail) expect(metadata).toEqual({ requiredPermission: 'settings.update' });
    for (const [, deed] of general) expect(await answerOf(deed(owner))).toBe('done');
    for (const [, deed] of deeds) expect(await answerOf(deed(owner, id, eventId))).toBe('done');
  });

  it('is whoever runs the process, in the tenant that they name', async () => {
    const keeper = operatorIn(owner.projectId, owner.tenantId);
    const { id, eventId } = await aTold(keeper);
    expect(await test.iam.webhooks.readWebhook.execute(owner, id)).toMatchObject({ createdBy: null });
    for (const [, deed] of deeds) expect(await answerOf(deed(keeper, id, eventId))).toBe('done');
    expect(test.audited('webhook.removed', { entityId: id })).toMatchObject([
      { tenantId: owner.tenantId, actorId: null },
    ]);
    expect(await answerOf(create(test, operatorIn(owner.projectId, anId())))).toBe('not-found');
  });

  it('is a back end with a manage key, in the root tenant of its project', async () => {
    const project = await aProjectOf(test);
    const { apiKey } = await test.iam.projects.createApiKey.execute(OPERATOR, {
      ...{ projectId: project.id, name: 'back end', permissions: ['manage'] },
    });
    const key = keyActor(apiKey.id, project, from('192.0.2.77'));
    const { id, eventId } = await aTold(key);
    expect(await test.iam.webhooks.readWebhook.execute(key, id)).toMatchObject({
      ...{ tenantId: project.rootTenantId, createdBy: apiKey.id },
    });
    for (const [, deed] of deeds) expect(await answerOf(deed(key, id, eventId))).toBe('done');
  });

  it.each([
    ['another tenant', async () => (await anOwner(test)).actor],
    ['another project', async () => keeperOf(await aProjectOf(test))],
  ] as const)('finds nothing in %s', async (_where, somebody) => {
    const { id, eventId } = await aTold(owner);
    const stranger = await somebody();
    const before = await test.iam.webhooks.readWebhook.execute(owner, id);
    expect(await test.iam.webhooks.listWebhooks.execute(stranger)).toEqual([]);
    for (const [, deed] of deeds) expect(await answerOf(deed(stranger, id, eventId))).toBe('not-found');
    expect(await test.iam.webhooks.readWebhook.execute(owner, id)).toEqual(before);
  });
});

describe('somebody without a proven address', () => {
  it('says neither where a tenant is told, nor by what secret', async () => {
    const { webhook } = await create(test, owner);
    const person = test.store.users.get(`${owner.projectId} ${owner.userId}`);
    if (person === undefined) throw new Error('nobody is there');
    test.store.users.put({ ...person, emailVerifiedAt: null }, test.store.nextVersion());

    const { changeWebhook, rotateWebhookSecret } = test.iam.webhooks;
    expect(await answerOf(create(test, owner))).toBe('email-not-verified');
    const url = 'https://elsewhere.example.test/hooks';
    expect(await answerOf(changeWebhook.execute(owner, { id: webhook.id, url }))).toBe('email-not-verified');
    expect(await answerOf(rotateWebhookSecret.execute(owner, webhook.id))).toBe('email-not-verified');
  });
});
