import { operatorIn, type TenantOperator } from '../../src/application/actor.ts';
import type { WebhookKeeper } from '../../src/application/webhooks/webhook-authority.ts';
import { IamError } from '../../src/domain/errors.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { WebhookAnswer, WebhookAttempt, WebhookSender } from '../../src/ports/webhook-sender.ts';
import { anIam, type TestIam } from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

export const URL = 'https://receiver.example.test/hooks';

/** Keeps what it is told, and answers as the test wants. */
export class InMemoryReceivers implements WebhookSender {
  readonly attempts: WebhookAttempt[] = [];
  /** `undefined`: nobody is there. */
  answer: (attempt: WebhookAttempt) => WebhookAnswer | undefined = () => ({ status: 204 });

  faultOf(url: string): string | undefined {
    return url.startsWith('https://') ? undefined : 'must be an https address';
  }

  async send(attempt: WebhookAttempt): Promise<WebhookAnswer> {
    this.attempts.push(attempt);
    const answer = this.answer(attempt);
    if (answer === undefined) throw new IamError('unavailable', { retryAfterSeconds: 1 });
    return answer;
  }

  at(url: string): readonly WebhookAttempt[] {
    return this.attempts.filter((attempt) => attempt.url === url);
  }
}

export interface WebhookWorld {
  readonly test: TestIam;
  readonly receivers: InMemoryReceivers;
}

export async function aWebhookWorld(policy: Parameters<typeof anIam>[1] = {}): Promise<WebhookWorld> {
  const receivers = new InMemoryReceivers();
  const ports = { webhookSender: receivers, passwordHasher: aQuickHasher() };
  return { receivers, test: await anIam(() => ports, policy) };
}

export function keeperOf({ id, rootTenantId }: ProjectState): TenantOperator {
  return operatorIn(id, rootTenantId);
}

export async function publish({ iam }: Pick<TestIam, 'iam'>): Promise<void> {
  while ((await iam.webhooks.publishEvents.execute(100)) > 0);
}

/** Publishes what there is, and delivers what is due now. */
export async function deliver({ iam }: Pick<TestIam, 'iam'>): Promise<void> {
  await publish({ iam });
  const { claimDeliveries, deliverWebhook } = iam.webhooks;
  for (let due = await claimDeliveries.execute(100); due.length > 0; due = await claimDeliveries.execute(100))
    for (const delivery of due) await deliverWebhook.execute(delivery);
}

export function create({ iam }: TestIam, keeper: WebhookKeeper, eventTypes: readonly string[] = [], url = URL) {
  return iam.webhooks.createWebhook.execute(keeper, { url, eventTypes });
}

export async function eventsOf({ iam }: TestIam, keeper: WebhookKeeper, type?: string) {
  await publish({ iam });
  return (await iam.webhooks.listEvents.execute(keeper, { limit: 100, type })).items;
}
