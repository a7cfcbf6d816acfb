import type { ProjectId } from '../../domain/project/project.ts';
import type { RefreshToken, SessionId } from '../../domain/session/refresh-token.ts';
import type { SessionStanding } from '../directories/session-directory.ts';

export interface RefreshTokenRepository {
  byId(projectId: ProjectId, id: SessionId): Promise<RefreshToken | undefined>;
  /** The session with everything that its grant rests on, in one read. */
  withStanding(
    projectId: ProjectId,
    id: SessionId,
  ): Promise<{ readonly session: RefreshToken; readonly standing: SessionStanding } | undefined>;
  save(session: RefreshToken): void;
}
