import type { Dialect } from '../domain/events.ts';
import type { ProjectId } from '../domain/project/project.ts';
import type { PublicJwk } from '../domain/project/signing-key.ts';
import type { AuthenticationMethod, SessionId } from '../domain/session/refresh-token.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';
import type { UserId } from '../domain/user/user.ts';

/** Claims of an access token (RFC 9068 §2.2); the signer adds `iss` and `aud`. Times in seconds since 1970. */
export interface AccessTokenClaims {
  readonly sub: UserId;
  readonly pid: ProjectId;
  readonly tid: TenantId;
  readonly sid: SessionId;
  readonly client_id: Dialect;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
  readonly amr: readonly AuthenticationMethod[];
  readonly email_verified: boolean;
  readonly roles: readonly string[];
  /** Gate only. Left out, with `permissions_omitted`, when it would take more than 4 KiB. */
  readonly permissions?: readonly string[];
  readonly permissions_omitted?: true;
  /** v1 only: the same as `tid`. */
  readonly tenantId?: TenantId;
  /** v1 only. */
  readonly email?: string | null;
  /** Somebody else acts as `sub` (RFC 8693 §4.1). */
  readonly act?: { readonly sub: UserId };
}

/** The same object for as long as the keys are the same, so that what is made of it can be kept. */
export interface Jwks {
  readonly keys: readonly PublicJwk[];
}

/** Access tokens: `typ: at+jwt`, one algorithm a key, keys from the project's own ring only (RFC 8725, RFC 9068). */
export interface TokenSigner {
  /** Signs with the project's current key. */
  sign(claims: AccessTokenClaims): Promise<string>;
  /**
   * The claims of a token that a key of its project signed and that is in force. MUST cost no I/O when warm, and
   * MUST see a removed key within 2 s, at once where it was removed.
   * Rejects with `token-expired`, or `token-invalid` for everything else.
   */
  verify(token: string): Promise<AccessTokenClaims>;
  /** Current, next and not yet expired previous keys; `undefined` for a project without keys. */
  jwks(projectId: ProjectId): Promise<Jwks | undefined>;
  /** The project's keys have changed: the next use MUST look them up. */
  forget(projectId: ProjectId): void;
}
