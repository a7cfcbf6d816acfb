import type { ProjectState } from '../../domain/project/project.ts';
import {
  changedSettings,
  defaultProjectSettings,
  type ProjectSettingsPatch,
} from '../../domain/project/project-settings.ts';
import { ROOT_TENANT_ROLES } from '../../domain/role/role.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { assertDefaultRoleExists } from './default-role.ts';
import { planProject, saveProject } from './new-project.ts';
import type { PlatformAuthority } from './platform-authority.ts';

type CreateProjectDeps = Pick<Ports, 'unitOfWork' | 'signingKeyFactory' | 'idGenerator' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** A new, empty pool of identities. */
export class CreateProject {
  readonly #deps: CreateProjectDeps;
  constructor(deps: CreateProjectDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `validation-error` */
  async execute(
    actor: UserActor | Operator,
    input: { readonly name: string; readonly settings?: ProjectSettingsPatch | undefined },
  ): Promise<ProjectState> {
    const { platformAuthority, unitOfWork, idGenerator, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const settings = changedSettings(defaultProjectSettings, input.settings ?? {});
    assertDefaultRoleExists(ROOT_TENANT_ROLES.has(settings.defaultRole));
    const plan = await planProject({ name: input.name, platform: false, settings }, this.#deps);
    return unitOfWork.run(async (repositories) =>
      saveProject(repositories, actor, plan, null, idGenerator, clock.now()),
    );
  }
}
