import { IamError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Administrator } from '../actor.ts';
import type { ModuleAuthority } from './module-authority.ts';

/** Of the roles that lose names; all of them are counted. */
const MOST_NAMED = 100;

type UninstallModuleDeps = Pick<Ports, 'sessionWatch' | 'clock'> & { readonly moduleAuthority: ModuleAuthority };

/** A module goes, and with `force` its names go from every role of the project. */
export class UninstallModule {
  readonly #deps: UninstallModuleDeps;
  constructor(deps: UninstallModuleDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found`, `role-in-use` */
  async execute(
    actor: Administrator,
    { name, force = false }: { readonly name: string; readonly force?: boolean | undefined },
  ): Promise<void> {
    const { moduleAuthority, sessionWatch, clock } = this.#deps;
    const { projectId } = actor;
    await moduleAuthority.commit(actor, 'modules.uninstall', async ({ permissionModules, roles, audit }) => {
      const now = clock.now();
      const module = await permissionModules.byName(projectId, name);
      if (module === undefined) throw new IamError('not-found');
      const losers = await roles.ofModule(projectId, name, MOST_NAMED);
      if (!force && losers.count > 0) throw new IamError('role-in-use');
      module.uninstall(now);
      permissionModules.remove(module);
      if (force) roles.withdrawModule(projectId, name);
      const before = { permissions: module.toState().permissions.map((entry) => entry.name), roles: losers };
      audit.record(await moduleAuthority.audited(actor, { action: 'module.uninstalled', entityId: name, before }, now));
    });
    await sessionWatch.announce({ projectId });
  }
}
