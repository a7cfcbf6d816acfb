import type { ApiKeyEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { SecretDigest } from '../session/secret-digest.ts';
import type { ProjectId } from './project.ts';

export type ApiKeyId = Brand<string, 'ApiKeyId'>;
export const ApiKeyId = identifierDoor<ApiKeyId>();

/** `auth`: the Gate and Public API. `client-address`: may speak for its users' addresses. `manage`: administers the root tenant. */
export const API_KEY_PERMISSIONS = ['auth', 'client-address', 'manage'] as const;
export type ApiKeyPermission = (typeof API_KEY_PERMISSIONS)[number];

export interface ApiKeyState {
  readonly id: ApiKeyId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly digest: SecretDigest;
  /** The first characters of the key, to tell keys apart in a list. */
  readonly prefix: string;
  readonly permissions: readonly ApiKeyPermission[];
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** What a back end presents instead of a person. Shown once, stored as a keyed hash. */
export class ApiKey extends AggregateRoot<ApiKeyEvent> {
  #state: ApiKeyState;

  private constructor(state: ApiKeyState) {
    super();
    this.#state = state;
  }

  static issue(input: Omit<ApiKeyState, 'createdAt' | 'revokedAt'>, now: Date): ApiKey {
    const key = new ApiKey({ ...input, createdAt: now, revokedAt: null });
    key.record({
      type: 'api-key-created',
      projectId: input.projectId,
      apiKeyId: input.id,
      occurredAt: now.toISOString(),
    });
    return key;
  }

  /** For repositories only. */
  static rehydrate(state: ApiKeyState): ApiKey {
    return new ApiKey(state);
  }

  /** Idempotent: a revoked key stays revoked at the first time. */
  revoke(now: Date): void {
    if (this.#state.revokedAt !== null) return;
    this.#state = { ...this.#state, revokedAt: now };
    this.record({
      type: 'api-key-revoked',
      projectId: this.#state.projectId,
      apiKeyId: this.#state.id,
      occurredAt: now.toISOString(),
    });
  }

  /** The same key, recognised by another digest. */
  digestAnew(digest: SecretDigest): void {
    this.#state = { ...this.#state, digest };
  }

  toState(): ApiKeyState {
    return this.#state;
  }
}

/** A key as others may see it: its digest stays where it is. */
export type ApiKeyView = Omit<ApiKeyState, 'digest'>;

export function apiKeyView({ digest: _, ...visible }: ApiKeyState): ApiKeyView {
  return visible;
}

/** Whether the key opens anything at `now`. */
export function isLive(key: Pick<ApiKeyState, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);
}
