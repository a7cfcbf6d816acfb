import { describe, expect, it } from 'vitest';
import { hasGivenUp, liveSecrets, WebhookEndpoint, webhookView } from '../../src/domain/webhook/webhook-endpoint.ts';
import { webhookSecret } from '../../src/domain/webhook/webhook-secret.ts';
import { anId, aSealedSecret, aWebhook } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const later = secondsAfter(now, 60);
const DAY = 24 * 60 * 60;

const aNewWebhook = () => aWebhook(now, { projectId: anId(), tenantId: anId() });
function eventsOf(endpoint: WebhookEndpoint) {
  return endpoint.releaseEvents().map(({ type }) => type);
}

describe('a webhook', () => {
  it('is switched on from the beginning, and tells what becomes of it', () => {
    const webhook = aNewWebhook();
    expect(webhook.toState()).toMatchObject({ enabled: true, disabledReason: null, failingSince: null });
    webhook.change({ description: 'x' }, later);
    webhook.rotateSecret(aSealedSecret(), later);
    webhook.disable('gone', later);
    webhook.remove(later);
    const { projectId, tenantId, id } = webhook.toState();
    const events = webhook.releaseEvents();
    expect(events.map(({ type }) => type)).toEqual([
      'webhook-created',
      'webhook-changed',
      'webhook-secret-rotated',
      'webhook-disabled',
      'webhook-removed',
    ]);
    for (const event of events) expect(event).toMatchObject({ projectId, tenantId, webhookId: id });
  });

  it('changes only what is given', () => {
    const webhook = aNewWebhook();
    const before = webhook.toState();
    webhook.change({ url: undefined, description: 'For the books', eventTypes: undefined, enabled: undefined }, later);
    expect(webhook.toState()).toEqual({ ...before, description: 'For the books', updatedAt: later });
    webhook.change({ description: null, eventTypes: ['user.*'], url: 'https://other.example.test' }, later);
    expect(webhook.toState()).toMatchObject({
      ...{ description: null, eventTypes: ['user.*'], url: 'https://other.example.test', enabled: true },
    });
  });

  it('says why it was switched off, and has a clean slate once it is switched on', () => {
    const webhook = aNewWebhook();
    expect(webhook.disable('failing', later)).toBe(true);
    expect(webhook.toState()).toMatchObject({ enabled: false, disabledReason: 'failing' });
    expect(webhook.disable('gone', later)).toBe(false);
    webhook.change({ enabled: false }, later);
    expect(webhook.toState()).toMatchObject({ enabled: false, disabledReason: 'failing' });
    expect(eventsOf(webhook)).toEqual(['webhook-created', 'webhook-disabled', 'webhook-changed']);
    webhook.change({ enabled: true }, later);
    expect(webhook.toState()).toMatchObject({ enabled: true, disabledReason: null, failingSince: null });
    webhook.change({ enabled: false }, later);
    expect(webhook.toState()).toMatchObject({ enabled: false, disabledReason: null });
  });

  it('has a clean slate at another address, and not where nothing changes', () => {
    const failing = WebhookEndpoint.rehydrate({ ...aNewWebhook().toState(), failingSince: now });
    const { url } = failing.toState();
    failing.change({ url, description: 'The same', enabled: true }, later);
    expect(failing.toState()).toMatchObject({ url, failingSince: now });
    failing.change({ url: `${url}/other` }, later);
    expect(failing.toState()).toMatchObject({ url: `${url}/other`, failingSince: null });
  });

  it('signs with the secret before as well, for a day', () => {
    const webhook = aNewWebhook();
    const first = webhook.toState().secret;
    const second = aSealedSecret();
    expect(liveSecrets(webhook.toState(), now)).toEqual([first]);
    webhook.rotateSecret(second, now);
    expect(liveSecrets(webhook.toState(), now)).toEqual([second, first]);
    expect(liveSecrets(webhook.toState(), secondsAfter(now, DAY - 1))).toEqual([second, first]);
    expect(liveSecrets(webhook.toState(), secondsAfter(now, DAY))).toEqual([second]);
  });

  it('signs with two secrets at most', () => {
    const webhook = aNewWebhook();
    const [second, third] = [aSealedSecret(), aSealedSecret()];
    webhook.rotateSecret(second, now);
    webhook.rotateSecret(third, later);
    expect(liveSecrets(webhook.toState(), later)).toEqual([third, second]);
  });

  it('is seen without its secrets', () => {
    const webhook = aNewWebhook();
    webhook.rotateSecret(aSealedSecret(), now);
    const view = webhookView(webhook.toState(), now);
    expect(view.secretsLive).toBe(2);
    expect(webhookView(webhook.toState(), secondsAfter(now, DAY)).secretsLive).toBe(1);
    const { secret, previousSecret } = webhook.toState();
    for (const sealed of [secret, previousSecret]) expect(JSON.stringify(view)).not.toContain(sealed);
  });

  it('has given up when nothing came through for five days', () => {
    expect(hasGivenUp({ failingSince: null }, now)).toBe(false);
    expect(hasGivenUp({ failingSince: now }, secondsAfter(now, 5 * DAY - 1))).toBe(false);
    expect(hasGivenUp({ failingSince: now }, secondsAfter(now, 5 * DAY))).toBe(true);
  });

  it('has a secret as Standard Webhooks writes it, of the very bits that are given', () => {
    const bits = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
    const secret = webhookSecret(bits.toString('base64url'));
    expect(secret).toBe(`whsec_${bits.toString('base64')}`);
    expect(secret).toMatch(/[+/]/);
  });
});
