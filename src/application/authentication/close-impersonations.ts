import { awaitsRecord, isUnexpired } from '../../domain/session/refresh-token.ts';
import type { SessionKey } from '../../ports/housekeeping.ts';
import type { Ports } from '../../ports/ports.ts';
import { OPERATOR } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { grantStands } from './grant.ts';
import { impersonationEnded } from './impersonation-ended.ts';

type CloseImpersonationsDeps = Pick<Ports, 'unitOfWork' | 'housekeeping' | 'clock'> & {
  readonly knownProjects: KnownProjects;
};

const AT_ONCE = 100;

/**
 * Removes sessions that somebody acted in for another and that are over without anybody having ended them: their time
 * is up, or the grant that they rested on was withdrawn. That they ended is recorded in the same commit.
 */
export class CloseImpersonations {
  readonly #deps: CloseImpersonationsDeps;
  constructor(deps: CloseImpersonationsDeps) {
    this.#deps = deps;
  }

  async execute(): Promise<void> {
    let after: SessionKey | undefined;
    do {
      const keys = await this.#deps.housekeeping.awaitingRecord(after, AT_ONCE);
      for (const key of keys) await this.#close(key);
      after = keys.at(-1);
    } while (after !== undefined);
  }

  async #close({ projectId, id }: SessionKey): Promise<void> {
    const { unitOfWork, knownProjects, clock } = this.#deps;
    const project = await knownProjects.byId(projectId);
    await unitOfWork.run(async ({ refreshTokens, audit }) => {
      const now = clock.now();
      const found = await refreshTokens.withStanding(projectId, id);
      if (found === undefined || !awaitsRecord(found.standing.session)) return;
      const { session, standing } = found;
      const stands = grantStands(standing);
      if (stands && isUnexpired(standing.session, now)) return;
      refreshTokens.remove(session);
      const how = { actorId: null, end: stands ? 'expired' : 'revoked' } as const;
      for (const record of impersonationEnded(OPERATOR, project, standing.session, how, now)) audit.record(record);
    });
  }
}
