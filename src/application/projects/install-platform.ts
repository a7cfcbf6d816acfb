import type { ProjectState } from '../../domain/project/project.ts';
import { platformProjectSettings } from '../../domain/project/project-settings.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import { User, type UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { PasswordRules } from '../account/password-rules.ts';
import type { Operator } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownProjects } from './known-projects.ts';
import { planProject, saveProject } from './new-project.ts';

const NAME = 'Castellan';

type InstallPlatformDeps = Pick<
  Ports,
  'unitOfWork' | 'projectDirectory' | 'passwordHasher' | 'signingKeyFactory' | 'idGenerator' | 'clock'
> & {
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly passwordRules: PasswordRules;
};

/** Makes the platform project and its owner, once: of several first starts one installs, the others find it done. */
export class InstallPlatform {
  readonly #deps: InstallPlatformDeps;
  constructor(deps: InstallPlatformDeps) {
    this.#deps = deps;
  }

  async isDone(): Promise<boolean> {
    return (await this.#deps.projectDirectory.platform()) !== undefined;
  }

  /** @throws IamError `validation-error`, `weak-password` for an owner's password that the platform would refuse */
  async execute(
    operator: Operator,
    owner: { readonly email: string; readonly password: string },
  ): Promise<{ readonly installed: boolean; readonly project: ProjectState }> {
    const { unitOfWork, projectDirectory, passwordHasher, parseEmail, knownProjects, idGenerator, clock } = this.#deps;
    const present = await projectDirectory.platform();
    if (present !== undefined) return { installed: false, project: present };
    const email = parseEmail(owner.email);
    await this.#assertPasswordAcceptable(email, owner.password);
    const plan = await planProject({ name: NAME, platform: true, settings: platformProjectSettings }, this.#deps);
    const passwordHash = await passwordHasher.hash(owner.password);
    const installing = unitOfWork.run(async (repositories) => {
      const { projects, users, seats, audit } = repositories;
      const first = await projects.platform();
      if (first !== undefined) return { installed: false, project: first.toState() };
      const now = clock.now();
      const ownerId = idGenerator.next<UserId>();
      const project = saveProject(repositories, operator, plan, ownerId, idGenerator, now);
      const user = User.register(
        {
          id: ownerId,
          projectId: plan.id,
          email,
          passwordHash,
          firstName: null,
          lastName: null,
          phone: null,
          metadata: {},
          holdsSeat: true,
          dialect: 'v1',
          proofRequested: false,
        },
        now,
      );
      // Whoever runs the process vouches for the address.
      user.proveMailbox(now);
      users.save(user);
      seats.take(plan.id, null);
      const what = { action: 'platform.installed', entityType: 'project', entityId: plan.id, userId: ownerId } as const;
      audit.record(audited(operator, { ...what, projectId: plan.id }, now));
      return { installed: true, project };
    });
    const outcome = await installing.catch((error: unknown) => this.#foundDone(error));
    knownProjects.forget(outcome.project.id);
    return outcome;
  }

  /** There is room for one platform: whoever finds it taken was not the first. */
  async #foundDone(error: unknown): Promise<{ readonly installed: false; readonly project: ProjectState }> {
    const project = await this.#deps.projectDirectory.platform();
    if (project === undefined) throw error;
    return { installed: false, project };
  }

  #assertPasswordAcceptable(email: EmailAddress, password: string): Promise<void> {
    const project = { name: NAME, settings: platformProjectSettings };
    const person = { email, firstName: null, lastName: null };
    return this.#deps.passwordRules.assertAcceptable(password, { project, person, field: 'password' });
  }
}
