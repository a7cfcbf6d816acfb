import { IamError } from '../../domain/errors.ts';
import { assertSignInOpen } from '../../domain/project/project.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PresentedRefreshToken, RefreshTokenCodec } from '../../ports/refresh-token-codec.ts';
import type { RefreshTokenRepository } from '../../ports/repositories/refresh-token-repository.ts';
import type { SessionWatch } from '../../ports/session-watch.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { grantStands } from './grant.ts';
import { impersonationEnded } from './impersonation-ended.ts';
import type { TokenPair, TokenPairs } from './token-pairs.ts';

interface RefreshSessionDeps {
  readonly unitOfWork: UnitOfWork;
  readonly refreshTokenCodec: RefreshTokenCodec;
  readonly knownProjects: KnownProjects;
  readonly tokenPairs: TokenPairs;
  readonly sessionWatch: SessionWatch;
  readonly clock: Clock;
}

/** Spends a refresh token for the next pair: one read, one commit, one signature (RFC 9700 §4.14.2). */
export class RefreshSession {
  readonly #deps: RefreshSessionDeps;
  constructor(deps: RefreshSessionDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `token-invalid`, `token-expired`, `sign-in-closed` */
  async execute(visitor: Visitor, input: { readonly refreshToken: string }): Promise<TokenPair> {
    const { unitOfWork, refreshTokenCodec, knownProjects, clock } = this.#deps;
    const presented = refreshTokenCodec.parse(input.refreshToken);
    if (presented === undefined) throw new IamError('token-invalid');
    const project = await knownProjects.byId(visitor.projectId);
    assertSignInOpen(project.settings);
    const { rotation, standing } = await unitOfWork.run(async ({ refreshTokens, audit }) => {
      const { session, standing } = await this.#find(refreshTokens, visitor, presented);
      const now = clock.now();
      const rotation = session.rotate(presented.generation, project.settings, now);
      if (rotation.kind === 'rotated' || rotation.kind === 'reuse-detected') refreshTokens.save(session);
      if (rotation.kind === 'reuse-detected') {
        const { userId, tenantId, impersonator } = standing.session;
        const what = { entityType: 'session', entityId: session.id, userId, tenantId } as const;
        audit.record(audited(visitor, { action: 'auth.refresh-token.reused', ...what }, now));
        const how = { actorId: null, end: 'reuse-detected' } as const;
        const ended = impersonator === null ? [] : impersonationEnded(visitor, project, standing.session, how, now);
        for (const record of ended) audit.record(record);
      }
      return { rotation, standing: { ...standing, session: session.toState() } };
    });
    // Only now: thrown inside `run`, this would roll the revocation back.
    if (rotation.kind === 'reuse-detected') await this.#deps.sessionWatch.announce({ userId: standing.user.id });
    if (rotation.kind === 'reuse-detected' || rotation.kind === 'race') throw new IamError('token-invalid');
    return this.#deps.tokenPairs.of(project, standing);
  }

  async #find(refreshTokens: RefreshTokenRepository, visitor: Visitor, presented: PresentedRefreshToken) {
    const found = await refreshTokens.withStanding(visitor.projectId, presented.sessionId);
    if (
      found === undefined ||
      !this.#deps.refreshTokenCodec.isAuthentic(presented, found.standing.session.nonce) ||
      found.standing.session.clientId !== visitor.dialect ||
      !grantStands(found.standing)
    ) {
      throw new IamError('token-invalid');
    }
    return found;
  }
}
