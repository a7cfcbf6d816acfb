import { beforeAll, beforeEach, expect } from 'vitest';
import type { WebhookAnswer, WebhookAttempt } from '../../src/ports/webhook-sender.ts';
import { anOwner, type Person } from './v1-people.ts';
import { aV1World, type Call, type V1World } from './v1-world.ts';

export const HOOK = 'https://hooks.example.com/castellan';

/** As much of an event as tests look at. */
export interface PresentedEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: { readonly kind: string };
  readonly sequence: number;
}

/** A world whose receivers are in the test's hands, and in each test an owner of a new tenant of it. */
export function webhookStage() {
  const attempts: WebhookAttempt[] = [];
  const receiver = { answer: (): WebhookAnswer => ({ status: 204 }) };
  let world: V1World;
  let owner: Person;
  beforeAll(async () => {
    world = await aV1World({
      ports: ({ webhookSender }) => ({
        webhookSender: {
          faultOf: (url) => webhookSender.faultOf(url),
          send: async (attempt) => {
            attempts.push(attempt);
            return receiver.answer();
          },
        },
      }),
    });
  });
  beforeEach(async () => {
    receiver.answer = () => ({ status: 204 });
    owner = await anOwner(world);
  });

  /** Calls as the owner. */
  const by = (method: string, path: string, more: Call = {}) =>
    world.call(method, path, { token: owner.token, ...more });
  const create = (given: object = {}, more: Call = {}) =>
    by('POST', '/webhooks', { body: { url: HOOK, ...given }, ...more });
  const told = (secret: string) => attempts.filter(({ secrets }) => secrets.includes(secret));

  return {
    world: () => world,
    owner: () => owner,
    receiver,
    by,
    create,
    async aWebhook(given: object = {}): Promise<{ readonly id: string; readonly secret: string }> {
      const { status, body } = await create(given);
      expect(status).toBe(201);
      return body;
    },
    /** Does all that is to be done now. */
    async deliver(): Promise<void> {
      const { publishEvents, claimDeliveries, deliverWebhook } = world.iam.webhooks;
      while ((await publishEvents.execute(100)) > 0);
      let claimed = await claimDeliveries.execute(100);
      while (claimed.length > 0) {
        await Promise.all(claimed.map((delivery) => deliverWebhook.execute(delivery)));
        claimed = await claimDeliveries.execute(100);
      }
    },
    /** Every attempt that the secret has signed. */
    told,
    typesTold: (secret: string): readonly string[] => told(secret).map(({ body }) => JSON.parse(body).type),
    /** Something that happens to the tenant. */
    rename: (name: string) => by('PATCH', `/tenants/${owner.tenantId}`, { body: { name } }),
    /** A new access token of the owner, after some time. */
    async refresh(): Promise<void> {
      const { body } = await world.post('/auth/refresh', { refreshToken: owner.refreshToken });
      owner = { ...owner, token: body.accessToken, refreshToken: body.refreshToken };
    },
  };
}

export const violation = (field: string, code: string) => ({
  status: 400,
  problem: 'validation-error',
  body: { errors: [expect.objectContaining({ field, code })] },
});

export const NOT_FOUND = { status: 404, problem: 'not-found' };
