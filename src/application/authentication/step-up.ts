import { IamError } from '../../domain/errors.ts';
import type { RefreshTokenState } from '../../domain/session/refresh-token.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SessionDirectory } from '../../ports/directories/session-directory.ts';
import type { UserActor } from '../actor.ts';
import type { Policy } from '../policy.ts';
import { grantStands } from './grant.ts';

/** Sensitive operations ask for a recent authentication (RFC 9470, ASVS 7.5.3). */
export class StepUp {
  readonly #sessions: SessionDirectory;
  readonly #clock: Clock;
  readonly #maxAgeSeconds: number;

  constructor(deps: { readonly sessionDirectory: SessionDirectory; readonly clock: Clock; readonly policy: Policy }) {
    this.#sessions = deps.sessionDirectory;
    this.#clock = deps.clock;
    this.#maxAgeSeconds = deps.policy.stepUpMaxAgeSeconds;
  }

  /** Looks at the session as it stands now. @throws IamError `reauthentication-required`, `token-invalid` */
  async assert(actor: UserActor): Promise<void> {
    const standing = await this.#sessions.standing(actor.projectId, actor.sessionId);
    if (standing === undefined || !grantStands(standing)) throw new IamError('token-invalid');
    this.assertRecent(standing.session);
  }

  /** @throws IamError `reauthentication-required` */
  assertRecent(session: Pick<RefreshTokenState, 'authenticatedAt'>): void {
    const ageMs = this.#clock.now().getTime() - session.authenticatedAt.getTime();
    if (ageMs > this.#maxAgeSeconds * 1000) {
      throw new IamError('reauthentication-required', { maxAgeSeconds: this.#maxAgeSeconds });
    }
  }
}
