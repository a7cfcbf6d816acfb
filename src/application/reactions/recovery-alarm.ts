import type { IamEvent } from '../../domain/events.ts';
import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import { OWNER_SLUG } from '../../domain/role/role.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import { isInUse, type UserState } from '../../domain/user/user.ts';
import type { MailMessage } from '../../ports/notifier.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KnownProjects } from '../projects/known-projects.ts';

type RecoveryLocked = Extract<IamEvent, { readonly type: 'recovery-locked' }>;

type RecoveryAlarmDeps = Pick<Ports, 'userDirectory' | 'notifier'> & { readonly knownProjects: KnownProjects };

/** Who answers for the platform. */
const PLATFORM_ADMINS = [OWNER_SLUG, 'admin'];

/** Somebody guesses recovery codes: the person, the owners of their tenants and in the end the platform's admins are told. */
export class RecoveryAlarm {
  readonly #deps: RecoveryAlarmDeps;
  constructor(deps: RecoveryAlarmDeps) {
    this.#deps = deps;
  }

  /** An address that nobody has alarms nobody. */
  async ring({ projectId, email: account, untilUnlocked }: RecoveryLocked): Promise<void> {
    const { userDirectory, knownProjects } = this.#deps;
    const project = await knownProjects.byId(projectId as ProjectId);
    const user = await userDirectory.byEmail(project.id, account as EmailAddress);
    if (user === undefined || !isInUse(user)) return;
    const owners = [user, ...(await userDirectory.ownersOver(project.id, user.id))];
    if (!untilUnlocked) return this.#tell(project, owners, { kind: 'recovery-locked', account });
    const accountLocked = user.status === 'locked';
    const closed = { kind: 'recovery-closed', account, project: project.name, accountLocked } as const;
    await this.#tell(project, owners, closed);
    const platform = await knownProjects.platform();
    const admins = await userDirectory.holdersOf(platform.id, platform.rootTenantId, PLATFORM_ADMINS);
    const told = new Set(owners.map(({ id }) => id));
    await this.#tell(
      platform,
      admins.filter(({ id }) => !told.has(id)),
      closed,
    );
  }

  async #tell(project: ProjectState, people: readonly UserState[], message: MailMessage): Promise<void> {
    const { issuerName } = project.settings;
    const projectId = project.platform ? undefined : project.id;
    const addresses = new Set(people.filter(isInUse).map(({ email }) => email));
    for (const to of addresses) if (to !== null) await this.#deps.notifier.send({ to, issuerName, projectId, message });
  }
}
