import type { UserActor } from '../actor.ts';
import type { OwnReturn, OwnRoundTrip } from './own-round-trip.ts';
import type { Reauthentication } from './reauthentication.ts';

interface FinishReauthenticationDeps {
  readonly ownRoundTrip: OwnRoundTrip;
  readonly reauthentication: Reauthentication;
}

/** The end of `StartReauthentication`, in the same session. */
export class FinishReauthentication {
  readonly #deps: FinishReauthenticationDeps;
  constructor(deps: FinishReauthenticationDeps) {
    this.#deps = deps;
  }

  /** @throws IamError as `OwnRoundTrip.complete` and `Reauthentication.complete` */
  async execute(actor: UserActor, input: OwnReturn): Promise<{ readonly authenticatedAt: Date }> {
    const { ownRoundTrip, reauthentication } = this.#deps;
    return ownRoundTrip.complete(actor, input, 'reauthentication', (provider, identity) =>
      reauthentication.complete(actor, actor, provider, identity),
    );
  }
}
