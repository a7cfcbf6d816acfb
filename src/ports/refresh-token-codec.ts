import type { Generation, SessionId, SessionNonce } from '../domain/session/refresh-token.ts';

/** What a refresh token says of itself, before anything of it is believed. */
export interface PresentedRefreshToken {
  readonly sessionId: SessionId;
  readonly generation: Generation;
  readonly mac: string;
}

/**
 * `rt_` + base64url(session id, generation, MAC), MAC = HMAC-SHA-256(key, session id ‖ generation ‖ nonce).
 * The token of a session and generation is always the same one; a changed or cut one is refused.
 */
export interface RefreshTokenCodec {
  encode(sessionId: SessionId, generation: Generation, nonce: SessionNonce): string;
  /** `undefined` for anything that is not a refresh token in form. */
  parse(raw: string): PresentedRefreshToken | undefined;
  /** In constant time, under the present or the previous master key. */
  isAuthentic(presented: PresentedRefreshToken, nonce: SessionNonce): boolean;
}
