import { IamError } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import { type LinkView, linkView } from './link-view.ts';

type ListLinksDeps = Pick<Ports, 'providerLinkDirectory' | 'memberDirectory'> & { readonly authority: Authority };

/** The ways in of oneself, or of somebody of one's tenant. */
export class ListLinks {
  readonly #deps: ListLinksDeps;
  constructor(deps: ListLinksDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` for nobody of the actor's tenant */
  async execute(actor: UserActor, userId: UserId): Promise<readonly LinkView[]> {
    const { providerLinkDirectory, memberDirectory, authority } = this.#deps;
    const { projectId, tenantId } = actor;
    if (userId !== actor.userId) {
      await authority.assert(actor, 'users.list');
      const member = await memberDirectory.byId(projectId, tenantId, userId);
      if (member === undefined || member.membership.deletedAt !== null) throw new IamError('not-found');
    }
    const links = await providerLinkDirectory.ofUser(projectId, userId);
    return links.map(({ providerType: type, ...link }) => linkView(link, { type }));
  }
}
