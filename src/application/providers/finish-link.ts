import { IamError } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { UserActor } from '../actor.ts';
import type { LinkView } from './link-view.ts';
import type { Linking } from './linking.ts';
import type { OwnReturn, OwnRoundTrip } from './own-round-trip.ts';

interface FinishLinkDeps {
  readonly ownRoundTrip: OwnRoundTrip;
  readonly linking: Linking;
}

/** The end of `StartLink`, in the same session. */
export class FinishLink {
  readonly #deps: FinishLinkDeps;
  constructor(deps: FinishLinkDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` for another person, and as `OwnRoundTrip.complete` and `Linking.complete` */
  async execute(actor: UserActor, input: OwnReturn & { readonly userId: UserId }): Promise<LinkView> {
    if (input.userId !== actor.userId) throw new IamError('forbidden', {});
    const { ownRoundTrip, linking } = this.#deps;
    return ownRoundTrip.complete(actor, input, 'link', (provider, identity) =>
      linking.complete(actor, actor, provider, identity),
    );
  }
}
