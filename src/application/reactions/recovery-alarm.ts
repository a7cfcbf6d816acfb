import type { EventOf } from '../../domain/events.ts';
import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import { OWNER_SLUG } from '../../domain/role/role.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { UserId, UserState } from '../../domain/user/user.ts';
import type { MailMessage } from '../../ports/notifier.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { mailOf } from './mail-of.ts';

type RecoveryAlarmDeps = Pick<Ports, 'unitOfWork' | 'userDirectory' | 'notifier' | 'clock'> & {
  readonly knownProjects: KnownProjects;
};

/** Who answers for the platform. */
const PLATFORM_ADMINS = [OWNER_SLUG, 'admin'];

/**
 * Somebody guesses recovery codes: the person, the owners of their tenants and in the end the platform's admins are
 * told, each by an event of their own, so that a mailbox that refuses keeps nobody else waiting.
 */
export class RecoveryAlarm {
  readonly #deps: RecoveryAlarmDeps;
  constructor(deps: RecoveryAlarmDeps) {
    this.#deps = deps;
  }

  /** An address that nobody has alarms nobody. */
  async ring({ projectId, email, untilUnlocked }: EventOf<'recovery-locked'>): Promise<void> {
    const { unitOfWork, userDirectory, knownProjects, clock } = this.#deps;
    const project = await knownProjects.byId(projectId as ProjectId);
    const user = await userDirectory.byEmail(project.id, email as EmailAddress);
    if (user === undefined || !isInUse(user)) return;
    const concerned = [user, ...(await userDirectory.ownersOver(project.id, user.id))];
    if (untilUnlocked) concerned.push(...(await this.#platformAdmins()));
    const of = {
      accountId: user.id,
      accountProjectId: project.id,
      project: project.name,
      inPlatform: project.platform,
    };
    const closed = untilUnlocked ? { ...of, accountLocked: user.status === 'locked' } : null;
    const told = new Map(concerned.filter(isInUse).map((person) => [person.id, person]));
    await unitOfWork.run(async ({ events }) => {
      const occurredAt = clock.now().toISOString();
      for (const { id: userId, projectId } of told.values()) {
        events.record({ type: 'recovery-alarm', projectId, userId, account: email, closed, occurredAt });
      }
    });
  }

  async tell({ projectId, userId, account, closed }: EventOf<'recovery-alarm'>): Promise<void> {
    const { userDirectory, notifier, knownProjects } = this.#deps;
    const project: ProjectState = await knownProjects.byId(projectId as ProjectId);
    const person = await userDirectory.byId(project.id, userId as UserId);
    if (person?.email == null || !isInUse(person)) return;
    const message: MailMessage =
      closed === null ? { kind: 'recovery-locked', account } : { kind: 'recovery-closed', account, ...closed };
    await notifier.send(mailOf(project, person.email, message));
  }

  async #platformAdmins(): Promise<readonly UserState[]> {
    const { id, rootTenantId } = await this.#deps.knownProjects.platform();
    return this.#deps.userDirectory.holdersOf(id, rootTenantId, PLATFORM_ADMINS);
  }
}
