import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import { UserId, type UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { EmailParser } from '../account/email-parser.ts';
import { userView } from '../account/user-view.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';
import type { MemberView } from './member-view.ts';

type FindAccountDeps = Pick<Ports, 'projectDirectory' | 'tenantDirectory' | 'userDirectory' | 'memberDirectory'> & {
  readonly platformAuthority: PlatformAuthority;
  readonly parseEmail: EmailParser;
};

/** Whose account that is, by what an operator knows of it; with the roles in the root tenant of the project. */
export class FindAccount {
  readonly #deps: FindAccountDeps;
  constructor(deps: FindAccountDeps) {
    this.#deps = deps;
  }

  /**
   * `named`: an address or an id; without it, whoever owns the root tenant. Accounts in use, and locked ones.
   * @throws IamError `forbidden`, `not-found`, `validation-error` for an address that is none
   */
  async execute(
    actor: UserActor | Operator,
    { projectId, named }: { readonly projectId: ProjectId; readonly named?: string | undefined },
  ): Promise<MemberView> {
    const { platformAuthority, projectDirectory, memberDirectory } = this.#deps;
    await platformAuthority.assert(actor);
    const project = await projectDirectory.byId(projectId);
    if (project === undefined) throw new IamError('not-found');
    const { rootTenantId: tenantId } = project;
    const user = await (named === undefined ? this.#owner(projectId, tenantId) : this.#named(projectId, named));
    if (user === undefined || !isInUse(user)) throw new IamError('not-found');
    const member = await memberDirectory.byId(projectId, tenantId, user.id);
    return { user: userView(user), tenantId, roles: member?.roles ?? [] };
  }

  async #owner(projectId: ProjectId, tenantId: MemberView['tenantId']): Promise<UserState | undefined> {
    const { tenantDirectory, userDirectory } = this.#deps;
    const ownerId = (await tenantDirectory.byId(projectId, tenantId))?.ownerId;
    return ownerId == null ? undefined : userDirectory.byId(projectId, ownerId);
  }

  async #named(projectId: ProjectId, named: string): Promise<UserState | undefined> {
    const { userDirectory, parseEmail } = this.#deps;
    const id = UserId.parse(named);
    return id === undefined ? userDirectory.byEmail(projectId, parseEmail(named)) : userDirectory.byId(projectId, id);
  }
}
