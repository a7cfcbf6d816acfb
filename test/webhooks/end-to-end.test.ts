import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { openIam } from '../../src/adapters/container/open-iam.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { describeWithPostgres, freshDatabase, type TestDatabase } from '../support/databases.ts';
import { type Answering, answering, aWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { aRunningService, type Caller, type RunningService } from './a-running-service.ts';

const SOON = { timeout: 15_000, interval: 20 };
/** A second attempt is made after five seconds. */
const AFTER_A_WHILE = { timeout: 20_000, interval: 50 };

let database: TestDatabase;
let service: RunningService;
const receivers: WebhookReceiver[] = [];

async function aReceiver(answer?: Answering): Promise<WebhookReceiver> {
  const receiver = await aWebhookReceiver(answer);
  receivers.push(receiver);
  return receiver;
}

interface Hook {
  readonly id: string;
  readonly secret: string;
  readonly receiver: WebhookReceiver;
}

async function aHook(by: Caller, given: { readonly eventTypes?: readonly string[] } = {}, answer?: Answering) {
  const receiver = await aReceiver(answer);
  const { status, body } = await by('POST', '/webhooks', { url: receiver.url, ...given });
  expect(status).toBe(201);
  return { id: body.id, secret: body.secret, receiver } as Hook;
}

interface Told {
  readonly id: string;
  readonly type: string;
  readonly sequence: number;
  readonly subject: { readonly kind: string; readonly id: string };
}

/** What the receiver believes. */
function toldTo({ receiver }: Pick<Hook, 'receiver'>, secret: string): readonly Told[] {
  return receiver.received.map(({ body, headers }) => {
    const told = new Webhook(secret).verify(body, headers) as Omit<Told, 'id'>;
    return { ...told, id: headers['webhook-id'] ?? '' };
  });
}

const told = (hook: Hook) => toldTo(hook, hook.secret);
const idsTold = (hook: Hook) => told(hook).map(({ id }) => id);
const aRole = async (by: Caller, name = 'Support') =>
  (await by('POST', '/roles', { name: `${name} ${Math.random()}`, permissions: [] })).body.id;
const rename = (by: Caller, role: string, name: string) => by('PATCH', `/roles/${role}`, { name });

/** Everything after the given event, page by page. */
async function eventsAfter(by: Caller, after: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let more = true; more; ) {
    const { body } = await by('GET', `/events?limit=2&after=${ids.at(-1) ?? after}`);
    ids.push(...body.data.map(({ id }: Told) => id));
    more = body.pagination.hasMore;
  }
  return ids;
}

describeWithPostgres('webhooks of a running service', () => {
  beforeAll(async () => {
    database = await freshDatabase(migratedTemplate);
    service = await aRunningService(database.url);
  });
  afterEach(async () => {
    for (const receiver of receivers.splice(0)) await receiver[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await service?.stop();
  });

  it('tell the root tenant of whoever registers', async () => {
    const hook = await aHook(service.owner, { eventTypes: ['user.registered'] });
    await service.aTenant();
    await vi.waitFor(() => expect(told(hook)).toHaveLength(1), SOON);
    expect(told(hook)).toMatchObject([{ type: 'user.registered', sequence: 1, subject: { kind: 'user' } }]);
    await service.owner('DELETE', `/webhooks/${hook.id}`);
  });

  it('arrive signed, numbered 1, 2, 3 by what they are about', async () => {
    const tenant = await service.aTenant();
    const hook = await aHook(tenant, { eventTypes: ['role.*'] });
    const [one, other] = [await aRole(tenant), await aRole(tenant)];
    await rename(tenant, one, 'Renamed');
    await rename(tenant, other, 'Renamed, too');
    await rename(tenant, one, 'Renamed again');
    await vi.waitFor(() => expect(told(hook)).toHaveLength(5), SOON);
    const of = (role: string) =>
      told(hook)
        .filter(({ subject }) => subject.id === role)
        .sort((a, b) => a.sequence - b.sequence)
        .map(({ type, sequence }) => [type, sequence]);
    expect(of(one)).toEqual([
      ['role.created', 1],
      ['role.updated', 2],
      ['role.updated', 3],
    ]);
    expect(of(other)).toEqual([
      ['role.created', 1],
      ['role.updated', 2],
    ]);
  });

  it('are delivered once more when the receiver has failed', { timeout: 60_000 }, async () => {
    const tenant = await service.aTenant();
    const hook = await aHook(tenant, { eventTypes: ['role.created'] }, answering(500));
    await aRole(tenant);
    await vi.waitFor(() => expect(hook.receiver.received).toHaveLength(1), SOON);
    hook.receiver.answer = answering(200);
    const deliveries = async () => (await tenant('GET', `/webhooks/${hook.id}/deliveries`)).body.data;
    await vi.waitFor(async () => {
      expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 1, lastStatus: 500 }]);
    }, SOON);
    await vi.waitFor(() => expect(hook.receiver.received).toHaveLength(2), AFTER_A_WHILE);
    const [first, second] = told(hook);
    expect(second).toEqual(first);
    await vi.waitFor(async () => {
      expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 2, lastStatus: 200 }]);
    }, SOON);
  });

  it('are delivered once more when that is asked for, under the same id', async () => {
    const tenant = await service.aTenant();
    const hook = await aHook(tenant, { eventTypes: ['role.created'] });
    await aRole(tenant);
    await vi.waitFor(() => expect(told(hook)).toHaveLength(1), SOON);
    const [id] = idsTold(hook);
    await vi.waitFor(async () => {
      const { data } = (await tenant('GET', `/webhooks/${hook.id}/deliveries`)).body;
      expect(data).toMatchObject([{ status: 'delivered' }]);
    }, SOON);
    expect((await tenant('POST', `/webhooks/${hook.id}/deliveries/${id}/redeliver`)).status).toBe(202);
    await vi.waitFor(() => expect(idsTold(hook)).toEqual([id, id]), SOON);
  });

  it('can be made up for: the events after the last that arrived are exactly those that did not', async () => {
    const tenant = await service.aTenant();
    const hook = await aHook(tenant);
    await aRole(tenant, 'Heard');
    const kinds = () => told(hook).map(({ type }) => type);
    await vi.waitFor(() => expect(kinds().sort()).toEqual(['role.created', 'webhook.created']), SOON);
    await tenant('PATCH', `/webhooks/${hook.id}`, { enabled: false });
    for (let i = 0; i < 5; i += 1) await aRole(tenant, 'Unheard');
    const last = (await tenant('GET', '/events?type=role.created')).body.data.findLast(({ id }: Told) =>
      idsTold(hook).includes(id),
    ).id;
    const missed = () => eventsAfter(tenant, last);
    await vi.waitFor(async () => expect(await missed()).toHaveLength(6), SOON);
    await tenant('PATCH', `/webhooks/${hook.id}`, { enabled: true });
    const role = await aRole(tenant, 'Heard again');
    await vi.waitFor(() => expect(told(hook).some(({ subject }) => subject.id === role)).toBe(true), SOON);

    const all = (await tenant('GET', '/events?limit=100')).body.data;
    const since = all.slice(all.findIndex(({ type }: Told) => type === 'webhook.created'));
    const heard = new Set(idsTold(hook));
    const unheard = since.map(({ id }: Told) => id).filter((id: string) => !heard.has(id));
    expect((await missed()).filter((id) => !heard.has(id))).toEqual(unheard);
    expect(unheard).toHaveLength(6);
  });

  it('tell another tenant nothing', async () => {
    const [tenant, stranger] = [await service.aTenant(), await service.aTenant()];
    const [ours, theirs] = [await aHook(tenant), await aHook(stranger)];
    await aRole(tenant, 'Ours');
    const role = await aRole(stranger, 'Theirs');
    await vi.waitFor(() => {
      expect(told(ours)).toHaveLength(2);
      expect(told(theirs)).toHaveLength(2);
    }, SOON);
    expect(told(theirs).map(({ subject }) => subject.id)).toEqual(expect.arrayContaining([theirs.id, role]));
    expect(() => toldTo(ours, theirs.secret)).toThrow('No matching signature');
    const { data } = (await stranger('GET', '/events?limit=100')).body;
    expect(data.map(({ id }: Told) => id)).not.toEqual(expect.arrayContaining(idsTold(ours).slice(0, 1)));
    const [id] = idsTold(ours);
    expect((await stranger('POST', `/webhooks/${theirs.id}/deliveries/${id}/redeliver`)).status).toBe(404);
  });

  it('are not sent any more when the receiver is gone', async () => {
    const tenant = await service.aTenant();
    const hook = await aHook(tenant, { eventTypes: ['role.created'] }, answering(410));
    await aRole(tenant);
    const present = async () => (await tenant('GET', `/webhooks/${hook.id}`)).body;
    await vi.waitFor(async () => {
      expect(await present()).toMatchObject({ enabled: false, disabledReason: 'gone' });
    }, SOON);
    const other = await aHook(tenant, { eventTypes: ['role.created'] });
    await aRole(tenant);
    await vi.waitFor(() => expect(told(other)).toHaveLength(1), SOON);
    expect(hook.receiver.received).toHaveLength(1);
    const { data } = (await tenant('GET', '/audit/records?action=webhook.disabled')).body;
    expect(data).toMatchObject([{ entityId: hook.id, actorId: null, metadata: { reason: 'gone' } }]);
  });

  it('are believed under the old secret and the new one when it is rotated', async () => {
    const tenant = await service.aTenant();
    const hook = await aHook(tenant, { eventTypes: ['role.created'] });
    const { secret } = (await tenant('POST', `/webhooks/${hook.id}/rotate-secret`)).body;
    await aRole(tenant);
    await vi.waitFor(() => expect(hook.receiver.received).toHaveLength(1), SOON);
    expect(told(hook)).toEqual(toldTo(hook, secret));
    expect(secret).not.toBe(hook.secret);
  });

  it('wait for nobody who hangs', async () => {
    const [slow, quick] = [await service.aTenant(), await service.aTenant()];
    const hanging = await aHook(slow, { eventTypes: ['role.created'] }, () => {});
    for (let i = 0; i < 10; i += 1) await aRole(slow);
    await vi.waitFor(() => expect(hanging.receiver.received.length).toBeGreaterThan(0), SOON);
    const hook = await aHook(quick, { eventTypes: ['role.created'] });
    for (let i = 0; i < 10; i += 1) await aRole(quick);
    await vi.waitFor(() => expect(told(hook)).toHaveLength(10), SOON);
    expect(hanging.receiver.received.length).toBeLessThan(10);
  });

  it('tell of what a process has done that delivers nothing itself', async () => {
    const hook = await aHook(service.owner, { eventTypes: ['project.updated'] });
    const { iam, close } = await openIam(service.config, () => {});
    const { id } = await iam.projects.findProject.execute(undefined);
    for (const name of ['One', 'Two', 'Three']) await iam.projects.updateProject.execute(OPERATOR, { id, name });
    await close();
    await vi.waitFor(() => expect(told(hook)).toHaveLength(3), SOON);
    const [first = 0] = told(hook)
      .map(({ sequence }) => sequence)
      .sort((a, b) => a - b);
    expect(new Set(told(hook).map(({ sequence }) => sequence))).toEqual(new Set([first, first + 1, first + 2]));
  });

  it('are delivered once, and numbered without a gap, however many replicas there are', async () => {
    await using replica = await aRunningService(database.url);
    const [here, there] = [await service.aTenant(), await replica.aTenant()];
    const hooks = [await aHook(here, { eventTypes: ['role.*'] }), await aHook(there, { eventTypes: ['role.*'] })];
    for (const tenant of [here, there]) {
      const role = await aRole(tenant);
      for (let i = 0; i < 20; i += 1) await rename(tenant, role, `Renamed ${i}`);
    }
    for (const hook of hooks) await vi.waitFor(() => expect(new Set(idsTold(hook)).size).toBe(21), SOON);
    await replica.stop();
    for (const hook of hooks) {
      const numbers = told(hook).map(({ sequence }) => sequence);
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    }
  });
});
