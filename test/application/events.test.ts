import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR, operatorIn, type UserActor } from '../../src/application/actor.ts';
import type { EventId } from '../../src/domain/webhook/public-event.ts';
import { aProjectOf, aRegisteredUser, at, type TestIam } from '../support/an-iam.ts';
import { anEmail, anId } from '../support/builders.ts';
import { answerOf } from './recovery-person.ts';
import { anEmployeeOf, anOwner } from './tenant-people.ts';
import {
  aWebhookWorld,
  create,
  deliver,
  eventsOf,
  type InMemoryReceivers,
  keeperOf,
  publish,
} from './webhook-people.ts';

const DAY = 24 * 60 * 60;

let test: TestIam;
let receivers: InMemoryReceivers;
let owner: UserActor;
beforeAll(async () => {
  ({ test, receivers } = await aWebhookWorld({ eventRetentionDays: 30 }));
});
beforeEach(async () => {
  owner = (await anOwner(test)).actor;
});

const list = (by: Parameters<typeof eventsOf>[1], input: { after?: EventId; type?: string; limit?: number } = {}) =>
  test.iam.webhooks.listEvents.execute(by, { limit: 100, ...input });
const typesOf = async (by: Parameters<typeof eventsOf>[1]) => (await eventsOf(test, by)).map(({ type }) => type);
const root = () => keeperOf(test.platform);

describe('the events of a tenant', () => {
  it('are what happened in it, in order, numbered by subject', async () => {
    await test.iam.roles.composeRole.execute(owner, { name: 'Desk', permissions: [] });
    await test.iam.tenants.updateTenant.execute(owner, { id: owner.tenantId, name: 'New name' });
    const events = await eventsOf(test, owner);
    expect(events[0]).toMatchObject({ type: 'tenant.created', sequence: 1 });
    expect(events.slice(-2)).toMatchObject([
      { type: 'role.created', subject: { kind: 'role' }, sequence: 1 },
      { type: 'tenant.updated', subject: { kind: 'tenant', id: owner.tenantId }, sequence: 2 },
    ]);
    const seen = new Map<string, number>();
    for (const { subject, sequence } of events) {
      const stream = `${subject.kind} ${subject.id}`;
      expect(sequence).toBe((seen.get(stream) ?? 0) + 1);
      seen.set(stream, sequence);
    }
  });

  it('are nobody else’s, and those of no tenant are told to the root tenant alone', async () => {
    const other = (await anOwner(test)).actor;
    await test.iam.roles.composeRole.execute(other, { name: 'Desk', permissions: [] });
    const project = await aProjectOf(test);
    await aRegisteredUser(test, at(project, 'gate'));
    const [theirs, mine, platform, elsewhere] = [
      await eventsOf(test, other),
      await eventsOf(test, owner),
      await eventsOf(test, root()),
      await eventsOf(test, keeperOf(project)),
    ];
    for (const event of mine) expect(event).toMatchObject({ projectId: owner.projectId, tenantId: owner.tenantId });
    for (const event of theirs) expect(event.tenantId).toBe(other.tenantId);
    for (const { tenantId } of platform) expect([null, test.platform.rootTenantId]).toContain(tenantId);
    for (const { projectId } of elsewhere) expect(projectId).toBe(project.id);
    expect(await typesOf(owner)).not.toContain('user.registered');
    expect(platform.map(({ type }) => type)).toContain('user.registered');
    expect(elsewhere.map(({ type }) => type)).toEqual(expect.arrayContaining(['project.created', 'user.registered']));
  });

  it('are listed to whoever may change the settings, and to nobody else', async () => {
    const member = (await anEmployeeOf(test, { actor: owner })).actor;
    expect(await answerOf(list(member))).toBe('forbidden');
    expect(await answerOf(list(owner))).toBe('done');
    expect((await list(operatorIn(owner.projectId, anId()))).items).toEqual([]);
  });

  it('are read on from the last one that is known', async () => {
    const events = await eventsOf(test, owner);
    const start = await list(owner, { limit: 2 });
    expect(start).toEqual({ items: events.slice(0, 2), hasMore: true });
    expect(await list(owner, { after: start.items.at(-1)?.id as EventId })).toEqual({
      ...{ items: events.slice(2), hasMore: false },
    });
  });

  it('are found by name and prefix', async () => {
    const names = async (type: string) => [...new Set((await eventsOf(test, owner, type)).map((event) => event.type))];
    expect(await names('tenant.created')).toEqual(['tenant.created']);
    expect(await names('session.*')).toEqual(['session.opened']);
    const refused = { details: { violations: [{ field: 'type', message: expect.any(String), code: 'NOT_ALLOWED' }] } };
    await expect(list(owner, { type: 'tenant' })).rejects.toMatchObject(refused);
  });

  it('are not read on from one that the tenant was not told of', async () => {
    const other = (await anOwner(test)).actor;
    const [theirs] = await eventsOf(test, other);
    const refused = { details: { violations: [{ field: 'after', message: expect.any(String), code: 'NOT_ALLOWED' }] } };
    for (const after of [theirs?.id as EventId, anId<EventId>()]) {
      await expect(list(owner, { after })).rejects.toMatchObject(refused);
    }
  });

  it('tell no address, no name and no secret, whatever happens', async () => {
    const { webhook, secret } = await create(test, root());
    const email = anEmail();
    await test.iam.users.invitePerson.execute(owner, { email });
    await test.iam.account.requestPasswordReset.execute(at(test.platform, 'v1'), { email });
    await test.iam.projects.createApiKey.execute(OPERATOR, {
      ...{ projectId: test.platform.id, name: 'Till', permissions: ['auth'] },
    });
    await deliver(test);
    const told = JSON.stringify([
      [await eventsOf(test, root()), await eventsOf(test, owner)],
      receivers.attempts.map(({ body }) => body),
    ]);
    expect(told).toContain('invitation.offered');
    expect(told).toContain('api-key.created');
    for (const hidden of ['@', email, secret, 'Till', 'password-reset']) expect(told).not.toContain(hidden);
    await test.iam.webhooks.removeWebhook.execute(root(), { id: webhook.id });
  });

  it('are kept for a while, and numbered on', async () => {
    const before = await eventsOf(test, owner);
    test.clock.advance(30 * DAY - 1);
    const forget = async () => {
      let gone = 0;
      for (let count = 1; count > 0; gone += count) count = await test.iam.webhooks.forgetEvents.execute(50);
      return gone - 1;
    };
    await forget();
    expect((await list(owner)).items).toEqual(before);
    test.clock.advance(2);
    expect(await forget()).toBeGreaterThanOrEqual(before.length);
    expect((await list(owner)).items).toEqual([]);
    const keeper = operatorIn(owner.projectId, owner.tenantId);
    const { webhook } = await create(test, keeper);
    await publish(test);
    expect((await list(keeper)).items).toMatchObject([{ subject: { kind: 'webhook', id: webhook.id }, sequence: 1 }]);
    await expect(list(keeper, { after: before[0]?.id as EventId })).rejects.toMatchObject({ code: 'validation-error' });
  });
});
