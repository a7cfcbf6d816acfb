import type { Dialect } from '../../domain/events.ts';
import { ProjectId } from '../../domain/project/project.ts';
import { type AuthenticationMethod, SessionId } from '../../domain/session/refresh-token.ts';
import { TenantId } from '../../domain/tenant/tenant.ts';
import { UserId } from '../../domain/user/user.ts';
import type { AccessTokenClaims } from '../../ports/token-signer.ts';

type Payload = Readonly<Record<string, unknown>>;

/**
 * The claims of a payload, or `undefined` when one is missing or not what it should be (RFC 9068 §2.2, RFC 8725 §3.10).
 * Whatever else the payload says is left behind.
 */
export function parseAccessTokenClaims(payload: Payload): AccessTokenClaims | undefined {
  const { sub, pid, tid, sid, client_id, jti, iat, exp, auth_time, amr, email_verified, roles } = payload;
  const { permissions, permissions_omitted, tenantId, email, act } = payload;
  const wellFormed =
    isId(sub, UserId) &&
    isId(pid, ProjectId) &&
    isId(tid, TenantId) &&
    isId(sid, SessionId) &&
    isDialect(client_id) &&
    typeof jti === 'string' &&
    isNumericDate(iat) &&
    isNumericDate(exp) &&
    isNumericDate(auth_time) &&
    isTexts<AuthenticationMethod>(amr) &&
    typeof email_verified === 'boolean' &&
    isTexts(roles) &&
    (permissions === undefined || isTexts(permissions)) &&
    (permissions_omitted === undefined || permissions_omitted === true) &&
    (tenantId === undefined || isId(tenantId, TenantId)) &&
    (email === undefined || email === null || typeof email === 'string') &&
    (act === undefined || isActor(act));
  if (!wellFormed) return undefined;
  return {
    ...{ sub, pid, tid, sid, client_id, jti, iat, exp, auth_time, amr, email_verified, roles },
    ...(permissions && { permissions }),
    ...(permissions_omitted && { permissions_omitted }),
    ...(tenantId && { tenantId }),
    ...(email !== undefined && { email }),
    ...(act && { act: { sub: act.sub } }),
  };
}

function isId<Id extends string>(value: unknown, door: { parse(raw: unknown): Id | undefined }): value is Id {
  return value !== undefined && door.parse(value) === value;
}

/** RFC 8693 §4.1; nobody acts for somebody who acts for somebody. */
function isActor(value: unknown): value is { readonly sub: UserId } {
  return typeof value === 'object' && value !== null && 'sub' in value && !('act' in value) && isId(value.sub, UserId);
}

function isDialect(value: unknown): value is Dialect {
  return value === 'gate' || value === 'v1';
}

function isNumericDate(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isTexts<Text extends string>(value: unknown): value is readonly Text[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
