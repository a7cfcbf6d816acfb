import type { ProjectId } from '../../domain/project/project.ts';
import type { RefreshToken, SessionId } from '../../domain/session/refresh-token.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { SessionStanding } from '../directories/session-directory.ts';

export interface RefreshTokenRepository {
  byId(projectId: ProjectId, id: SessionId): Promise<RefreshToken | undefined>;
  /** The session with everything that its grant rests on, in one read. */
  withStanding(
    projectId: ProjectId,
    id: SessionId,
  ): Promise<{ readonly session: RefreshToken; readonly standing: SessionStanding } | undefined>;
  /** Those in which somebody acts for the person, ended or not. */
  inPlaceOf(projectId: ProjectId, userId: UserId): Promise<readonly RefreshToken[]>;
  save(session: RefreshToken): void;
  /** Gone with this commit, or the commit fails. No event: nothing opens anything any more. */
  remove(session: RefreshToken): void;
  /** Every session of the person in the tenant has ended, if there is any. No event: whoever ends the place tells. */
  endAll(projectId: ProjectId, tenantId: TenantId, userId: UserId, now: Date): void;
}
