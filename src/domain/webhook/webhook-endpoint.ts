import type { WebhookEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ApiKeyId } from '../project/api-key.ts';
import type { ProjectId } from '../project/project.ts';
import type { SealedSecret } from '../session/sealed-secret.ts';
import type { TenantId } from '../tenant/tenant.ts';
import type { UserId } from '../user/user.ts';

export type WebhookId = Brand<string, 'WebhookId'>;
export const WebhookId = identifierDoor<WebhookId>();

/** `gone`: the receiver said so (410). `failing`: nothing has come through for days. `null`: somebody switched it off. */
export type WebhookDisabledReason = 'gone' | 'failing';

/** The most that a tenant has. */
export const MAX_TENANT_WEBHOOKS = 20;

const PREVIOUS_SECRET_LIFE_SECONDS = 24 * 60 * 60;
const FAILING_SECONDS = 5 * 24 * 60 * 60;

export interface WebhookEndpointState {
  readonly id: WebhookId;
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly url: string;
  readonly description: string | null;
  /** Which events it gets, by name or by prefix (`user.*`). Empty: all. */
  readonly eventTypes: readonly string[];
  readonly enabled: boolean;
  readonly disabledReason: WebhookDisabledReason | null;
  /** Signs what is delivered, sealed for `webhookBinding`. */
  readonly secret: SealedSecret;
  /** The one before, which signs besides until then. */
  readonly previousSecret: SealedSecret | null;
  readonly previousSecretUntil: Date | null;
  /** Since when every attempt at the address has failed. Kept by what becomes of deliveries. */
  readonly failingSince: Date | null;
  /** A person or a key; `null` for whoever runs the process. */
  readonly createdBy: UserId | ApiKeyId | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly description?: string | null | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly enabled?: boolean | undefined;
}

/** An address that a tenant wants to be told at what happens to it. */
export class WebhookEndpoint extends AggregateRoot<WebhookEvent> {
  #state: WebhookEndpointState;

  private constructor(state: WebhookEndpointState) {
    super();
    this.#state = state;
  }

  static create(
    input: Pick<
      WebhookEndpointState,
      'id' | 'projectId' | 'tenantId' | 'url' | 'description' | 'eventTypes' | 'secret' | 'createdBy'
    >,
    now: Date,
  ): WebhookEndpoint {
    const endpoint = new WebhookEndpoint({
      ...input,
      enabled: true,
      disabledReason: null,
      previousSecret: null,
      previousSecretUntil: null,
      failingSince: null,
      createdAt: now,
      updatedAt: now,
    });
    endpoint.record({ type: 'webhook-created', ...endpoint.#happened(now) });
    return endpoint;
  }

  /** For repositories only. */
  static rehydrate(state: WebhookEndpointState): WebhookEndpoint {
    return new WebhookEndpoint(state);
  }

  /** One that is switched on, or at another address, has a clean slate. */
  change({ enabled, ...change }: WebhookChange, now: Date): void {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const switched = enabled === undefined || enabled === this.#state.enabled ? {} : { enabled, disabledReason: null };
    const moved = change.url !== undefined && change.url !== this.#state.url;
    const slate = moved || (enabled === true && !this.#state.enabled) ? { failingSince: null } : {};
    this.#state = { ...this.#state, ...given, ...switched, ...slate, updatedAt: now };
    this.record({ type: 'webhook-changed', ...this.#happened(now) });
  }

  /** The secret until now signs for a day more; one that did so already is worth nothing from now on. */
  rotateSecret(secret: SealedSecret, now: Date): void {
    const previousSecretUntil = new Date(now.getTime() + PREVIOUS_SECRET_LIFE_SECONDS * 1000);
    this.#state = { ...this.#state, secret, previousSecret: this.#state.secret, previousSecretUntil, updatedAt: now };
    this.record({ type: 'webhook-secret-rotated', ...this.#happened(now) });
  }

  /** The receiver wants no more, or there is none. Answers whether it was still switched on. */
  disable(reason: WebhookDisabledReason, now: Date): boolean {
    if (!this.#state.enabled) return false;
    this.#state = { ...this.#state, enabled: false, disabledReason: reason, updatedAt: now };
    this.record({ type: 'webhook-disabled', ...this.#happened(now), reason });
    return true;
  }

  /** The caller removes it. */
  remove(now: Date): void {
    this.record({ type: 'webhook-removed', ...this.#happened(now) });
  }

  toState(): WebhookEndpointState {
    return this.#state;
  }

  #happened(now: Date): { projectId: string; tenantId: string; webhookId: string; occurredAt: string } {
    const { projectId, tenantId, id } = this.#state;
    return { projectId, tenantId, webhookId: id, occurredAt: now.toISOString() };
  }
}

/** What the secrets of an endpoint are sealed for. */
export function webhookBinding({ projectId, id }: Pick<WebhookEndpointState, 'projectId' | 'id'>): string {
  return `webhook ${projectId} ${id}`;
}

/** Those that sign at `now`, the newest first. */
export function liveSecrets(
  { secret, previousSecret, previousSecretUntil }: WebhookEndpointState,
  now: Date,
): readonly SealedSecret[] {
  const previousSigns = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  return previousSigns ? [secret, previousSecret] : [secret];
}

/** Whether nothing has come through for so long that nobody can be there. */
export function hasGivenUp({ failingSince }: Pick<WebhookEndpointState, 'failingSince'>, now: Date): boolean {
  return failingSince !== null && failingSince.getTime() + FAILING_SECONDS * 1000 <= now.getTime();
}

/** An endpoint as others may see it: its secrets are never shown again. */
export type WebhookView = Omit<WebhookEndpointState, 'secret' | 'previousSecret' | 'previousSecretUntil'> & {
  readonly secretsLive: number;
};

export function webhookView(state: WebhookEndpointState, now: Date): WebhookView {
  const { secret: _, previousSecret: _previous, previousSecretUntil: _until, ...visible } = state;
  return { ...visible, secretsLive: liveSecrets(state, now).length };
}
