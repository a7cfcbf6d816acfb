import type { RefreshToken } from '../../domain/session/refresh-token.ts';
import type { RefreshTokenCodec } from '../../ports/refresh-token-codec.ts';
import type { RefreshTokenRepository } from '../../ports/repositories/refresh-token-repository.ts';
import type { UserActor, Visitor } from '../actor.ts';

/** The session that a refresh token belongs to, whatever its generation, if it was opened over the same dialect. */
export async function findSession(
  refreshTokens: RefreshTokenRepository,
  codec: RefreshTokenCodec,
  visitor: Visitor,
  refreshToken: string,
): Promise<RefreshToken | undefined> {
  const presented = codec.parse(refreshToken);
  if (presented === undefined) return undefined;
  const session = await refreshTokens.byId(visitor.projectId, presented.sessionId);
  const state = session?.toState();
  if (state === undefined || state.clientId !== visitor.dialect) return undefined;
  return codec.isAuthentic(presented, state.nonce) ? session : undefined;
}

/** As `findSession`, but only a session of the actor. */
export async function findOwnSession(
  refreshTokens: RefreshTokenRepository,
  codec: RefreshTokenCodec,
  actor: UserActor,
  refreshToken: string,
): Promise<RefreshToken | undefined> {
  const session = await findSession(refreshTokens, codec, actor, refreshToken);
  return session?.toState().userId === actor.userId ? session : undefined;
}
