import { IamError } from '../../domain/errors.ts';
import type { RefreshToken } from '../../domain/session/refresh-token.ts';
import type { SessionStanding } from '../../ports/directories/session-directory.ts';
import type { RefreshTokenCodec } from '../../ports/refresh-token-codec.ts';
import type { RefreshTokenRepository } from '../../ports/repositories/refresh-token-repository.ts';
import type { UserActor, Visitor } from '../actor.ts';
import { grantStands } from './grant.ts';

/**
 * The session that the actor acts in, with what it rests on. An actor was made a moment ago: whoever changes something
 * makes sure that the session is not over by now, or a session that was ended could carry itself over.
 * @throws IamError `token-invalid`
 */
export async function presentSession(
  refreshTokens: RefreshTokenRepository,
  actor: Pick<UserActor, 'projectId' | 'sessionId'>,
): Promise<{ readonly session: RefreshToken; readonly standing: SessionStanding }> {
  const present = await refreshTokens.withStanding(actor.projectId, actor.sessionId);
  if (present === undefined || !grantStands(present.standing)) throw new IamError('token-invalid');
  return present;
}

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

/** As `findSession`, but only a session of the actor: what somebody opened in their place is not theirs, and the reverse. */
export async function findOwnSession(
  refreshTokens: RefreshTokenRepository,
  codec: RefreshTokenCodec,
  actor: UserActor,
  refreshToken: string,
): Promise<RefreshToken | undefined> {
  const session = await findSession(refreshTokens, codec, actor, refreshToken);
  const state = session?.toState();
  const own = state?.userId === actor.userId && (state.impersonator?.userId ?? null) === actor.impersonatorId;
  return own ? session : undefined;
}
