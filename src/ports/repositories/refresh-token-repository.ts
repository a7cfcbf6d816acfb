import type { ProjectId } from '../../domain/project/project.ts';
import type { RefreshToken, SessionId } from '../../domain/session/refresh-token.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { SessionStanding } from '../directories/session-directory.ts';

export interface RefreshTokenRepository {
  byId(projectId: ProjectId, id: SessionId): Promise<RefreshToken | undefined>;
  /** The session with everything that its grant rests on, in one read. */
  withStanding(
    projectId: ProjectId,
    id: SessionId,
  ): Promise<{ readonly session: RefreshToken; readonly standing: SessionStanding } | undefined>;
  /** Sessions that have not ended or expired, whatever their epoch. Newest first, at most 1,000. */
  openOfUser(projectId: ProjectId, userId: UserId, now: Date): Promise<readonly RefreshToken[]>;
  save(session: RefreshToken): void;
}
