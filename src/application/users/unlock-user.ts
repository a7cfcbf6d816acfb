import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import { type UserView, userView } from '../account/user-view.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';
import { unlockAccount } from './unlock-account.ts';

type UnlockUserDeps = Pick<Ports, 'unitOfWork' | 'sessionWatch' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** Ends a lock that wrong recovery codes have caused, of the account or of recovery alone. Idempotent. */
export class UnlockUser {
  readonly #deps: UnlockUserDeps;
  constructor(deps: UnlockUserDeps) {
    this.#deps = deps;
  }

  /** For the owner of the platform, and whoever runs the process. With the roles in the actor's tenant. @throws IamError `forbidden`, `not-found` */
  async execute(
    actor: UserActor | Operator,
    input: { readonly projectId: ProjectId; readonly userId: UserId },
  ): Promise<{ readonly user: UserView; readonly roles: readonly string[] }> {
    const { platformAuthority, unitOfWork, sessionWatch, clock } = this.#deps;
    const { projectId, userId } = input;
    await platformAuthority.assert(actor);
    const unlocked = await unitOfWork.run(async ({ users, memberships, attempts, audit }) => {
      const now = clock.now();
      const user = await users.byId(projectId, userId);
      if (user === undefined || !isInUse(user.toState())) throw new IamError('not-found');
      unlockAccount({ attempts, audit }, actor, user, now);
      users.save(user);
      const place = 'tenantId' in actor ? await memberships.landing(projectId, actor.tenantId, userId) : undefined;
      return { user: userView(user.toState()), roles: place?.roles.slugs ?? [] };
    });
    await sessionWatch.announce({ userId });
    return unlocked;
  }
}
