/** An answer worth repeating: it MUST carry no secret. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `new`: go ahead. `running`: somebody is at it. `reused`: the key came with another request. `done`: answered before; without an answer if that carried a secret. */
export type IdempotencyClaim =
  | { readonly kind: 'new' }
  | { readonly kind: 'running' }
  | { readonly kind: 'reused' }
  | { readonly kind: 'done'; readonly answer: StoredAnswer | undefined };

/** For how long an answer is repeated. */
export const IDEMPOTENCY_LIFE_SECONDS = 24 * 60 * 60;
/** How long nobody else may try what somebody began and never settled. */
export const IDEMPOTENCY_CLAIM_SECONDS = 60;

/** draft-ietf-httpapi-idempotency-key-header. Scope and key name one request; answers live for `IDEMPOTENCY_LIFE_SECONDS`. */
export interface IdempotencyStore {
  /** Atomic: of N at once one gets `new`. A claim that is never settled is free again after `IDEMPOTENCY_CLAIM_SECONDS`. */
  claim(scope: string, key: string, fingerprint: string, now: Date): Promise<IdempotencyClaim>;
  settle(scope: string, key: string, answer: StoredAnswer | undefined, now: Date): Promise<void>;
  /** The request was refused: the key is free again. */
  release(scope: string, key: string): Promise<void>;
}
