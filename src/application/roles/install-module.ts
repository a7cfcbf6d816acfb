import { IamError } from '../../domain/errors.ts';
import { PermissionModule, type PermissionModuleState } from '../../domain/role/permission-module.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator } from '../actor.ts';
import type { ModuleAuthority } from './module-authority.ts';

export interface InstallModuleInput {
  readonly name: string;
  readonly permissions: readonly { readonly name: string; readonly description: string }[];
}

interface InstallModuleDeps {
  readonly moduleAuthority: ModuleAuthority;
  readonly clock: Clock;
}

/** Registers the permissions of a module, or those of another release of it. */
export class InstallModule {
  readonly #deps: InstallModuleDeps;
  constructor(deps: InstallModuleDeps) {
    this.#deps = deps;
  }

  /**
   * @throws IamError `forbidden`, `reserved-permission`, `validation-error`, `rbac-limit-exceeded`; `role-in-use` when a
   * release leaves names out while roles hold names of the module
   */
  async execute(actor: Administrator, input: InstallModuleInput): Promise<PermissionModuleState> {
    const { moduleAuthority, clock } = this.#deps;
    return moduleAuthority.commit(actor, 'modules.install', async (repositories) => {
      const now = clock.now();
      const { permissionModules, audit } = repositories;
      const release = PermissionModule.install({ ...input, projectId: actor.projectId }, now);
      const present = await permissionModules.byName(actor.projectId, input.name);
      if (present !== undefined) await assertNothingMissed(repositories, present, release);
      present?.replace(release, now);
      const module = present ?? release;
      permissionModules.save(module);
      const after = { permissions: module.toState().permissions.map(({ name }) => name) };
      const what = { action: 'module.installed', entityId: input.name, after } as const;
      audit.record(await moduleAuthority.audited(actor, what, now));
      return module.toState();
    });
  }
}

async function assertNothingMissed(
  { roles }: Repositories,
  present: PermissionModule,
  release: PermissionModule,
): Promise<void> {
  const { projectId, name, permissions } = present.toState();
  const kept = new Set(release.toState().permissions.map((entry) => entry.name));
  const leavesOut = permissions.some((entry) => !kept.has(entry.name));
  if (leavesOut && (await roles.ofModule(projectId, name, 1)).count > 0) throw new IamError('role-in-use');
}
