import type { RefreshTokenState } from '../../domain/session/refresh-token.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SessionDirectory } from '../../ports/directories/session-directory.ts';
import type { UserActor } from '../actor.ts';

interface ListSessionsDeps {
  readonly sessionDirectory: SessionDirectory;
  readonly clock: Clock;
}

/** Where the actor is signed in, newest first. Without what tokens are made of. */
export class ListSessions {
  readonly #deps: ListSessionsDeps;
  constructor(deps: ListSessionsDeps) {
    this.#deps = deps;
  }

  async execute(actor: UserActor): Promise<readonly Omit<RefreshTokenState, 'nonce'>[]> {
    const { sessionDirectory, clock } = this.#deps;
    const sessions = await sessionDirectory.aliveOfUser(actor.projectId, actor.userId, clock.now());
    return sessions.map(({ nonce: _, ...visible }) => visible);
  }
}
