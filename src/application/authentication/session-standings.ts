import type { ProjectId } from '../../domain/project/project.ts';
import type { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import type { SessionId } from '../../domain/session/refresh-token.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SessionDirectory, SessionStanding } from '../../ports/directories/session-directory.ts';
import type { SessionWatch, Watched } from '../../ports/session-watch.ts';
import type { Policy } from '../policy.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { Remembered } from '../remembered.ts';
import type { PermissionResolver } from '../roles/permission-resolver.ts';

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
  readonly #permissions: PermissionResolver;
  readonly #remembered: Remembered<SessionId, KnownStanding>;
  readonly #sessionsOf = new Map<UserId, Set<SessionId>>();

  constructor(deps: {
    readonly sessionDirectory: SessionDirectory;
    readonly sessionWatch: SessionWatch;
    readonly knownProjects: KnownProjects;
    readonly permissionResolver: PermissionResolver;
    readonly clock: Clock;
    readonly policy: Policy;
  }) {
    this.#directory = deps.sessionDirectory;
    this.#projects = deps.knownProjects;
    this.#permissions = deps.permissionResolver;
    this.#remembered = new Remembered({
      maxAgeSeconds: deps.policy.standingMaxAgeSeconds,
      maxEntries: MAX_SESSIONS,
      clock: deps.clock,
    });
    deps.sessionWatch.subscribe((watched) => this.#lookAgain(watched));
  }

  async of(projectId: ProjectId, userId: UserId, sessionId: SessionId): Promise<KnownStanding | undefined> {
    this.#index(userId, sessionId);
    const known = await this.#remembered.get(sessionId, () => this.#look(projectId, userId, sessionId));
    // It rests on two people, and announcements name one: rare enough to be looked at each time.
    if (known?.standing.session.impersonator != null) this.#remembered.forget(sessionId);
    return known;
  }

  async #look(projectId: ProjectId, userId: UserId, sessionId: SessionId): Promise<KnownStanding | undefined> {
    const [project, standing] = await Promise.all([
      this.#projects.find(projectId),
      this.#directory.standing(projectId, sessionId),
    ]);
    if (project === undefined || standing === undefined || standing.user.id !== userId) return undefined;
    const place = { project, tenantId: standing.tenant.id, userId };
    const permissions = await this.#permissions.of(place, standing.roles);
    return { standing, roles: standing.roles?.slugs ?? [], permissions };
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

  #lookAgain(watched: Watched): void {
    if ('userId' in watched) this.#forget(watched.userId);
    else if ('tenantId' in watched)
      this.#remembered.forgetIf(({ standing }) => standing.tenant.id === watched.tenantId);
    else if ('projectId' in watched)
      this.#remembered.forgetIf(({ standing }) => standing.tenant.projectId === watched.projectId);
    else this.#remembered.clear();
  }

  #forget(userId: UserId): void {
    for (const sessionId of this.#sessionsOf.get(userId) ?? []) this.#remembered.forget(sessionId);
    this.#sessionsOf.delete(userId);
  }
}
