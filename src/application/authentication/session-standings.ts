import type { ProjectId } from '../../domain/project/project.ts';
import type { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import type { SessionId } from '../../domain/session/refresh-token.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SessionDirectory, SessionStanding } from '../../ports/directories/session-directory.ts';
import type { SessionWatch } from '../../ports/session-watch.ts';
import type { Policy } from '../policy.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { Remembered } from '../remembered.ts';
import { permissionsOf } from './grant.ts';

const MAX_SESSIONS = 10_000;
const MAX_SESSIONS_OF_ONE = 100;

export interface KnownStanding {
  readonly standing: SessionStanding;
  /** Slugs. */
  readonly roles: readonly string[];
  readonly permissions: EffectivePermissions;
}

/**
 * How sessions stood a moment ago, for token checks that cost no I/O. An announcement about a person makes all of
 * theirs be looked at again; without any, the policy's age is the bound.
 */
export class SessionStandings {
  readonly #directory: SessionDirectory;
  readonly #projects: KnownProjects;
  readonly #remembered: Remembered<SessionId, KnownStanding>;
  readonly #sessionsOf = new Map<UserId, Set<SessionId>>();

  constructor(deps: {
    readonly sessionDirectory: SessionDirectory;
    readonly sessionWatch: SessionWatch;
    readonly knownProjects: KnownProjects;
    readonly clock: Clock;
    readonly policy: Policy;
  }) {
    this.#directory = deps.sessionDirectory;
    this.#projects = deps.knownProjects;
    this.#remembered = new Remembered({
      maxAgeSeconds: deps.policy.standingMaxAgeSeconds,
      maxEntries: MAX_SESSIONS,
      clock: deps.clock,
    });
    deps.sessionWatch.subscribe((userId) => this.#forget(userId));
  }

  of(projectId: ProjectId, userId: UserId, sessionId: SessionId): Promise<KnownStanding | undefined> {
    this.#index(userId, sessionId);
    return this.#remembered.get(sessionId, () => this.#look(projectId, userId, sessionId));
  }

  async #look(projectId: ProjectId, userId: UserId, sessionId: SessionId): Promise<KnownStanding | undefined> {
    const [project, standing] = await Promise.all([
      this.#projects.find(projectId),
      this.#directory.standing(projectId, sessionId),
    ]);
    if (project === undefined || standing === undefined || standing.user.id !== userId) return undefined;
    return {
      standing,
      roles: (standing.roles ?? []).map((role) => role.slug),
      permissions: permissionsOf(standing, project),
    };
  }

  #index(userId: UserId, sessionId: SessionId): void {
    const sessions = this.#sessionsOf.get(userId);
    if (sessions !== undefined && sessions.size < MAX_SESSIONS_OF_ONE) {
      sessions.add(sessionId);
      return;
    }
    this.#forget(userId);
    if (this.#sessionsOf.size >= MAX_SESSIONS) {
      this.#sessionsOf.clear();
      this.#remembered.clear();
    }
    this.#sessionsOf.set(userId, new Set([sessionId]));
  }

  #forget(userId: UserId): void {
    for (const sessionId of this.#sessionsOf.get(userId) ?? []) this.#remembered.forget(sessionId);
    this.#sessionsOf.delete(userId);
  }
}
