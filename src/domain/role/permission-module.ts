import { IamError, invalidField } from '../errors.ts';
import type { PermissionModuleEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { ProjectId } from '../project/project.ts';
import type { PermissionEntry } from './kernel-permissions.ts';
import { isKernelModule, isOfModule, Permission } from './permission.ts';

export const MAX_MODULE_PERMISSIONS = 1000;

export interface PermissionModuleState {
  readonly projectId: ProjectId;
  /** One segment; the prefix of every permission that it registers. */
  readonly name: string;
  readonly permissions: readonly PermissionEntry[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const SEGMENT = /^[a-z0-9_-]{1,64}$/;

/** What an application brings to a project: permissions under a prefix of its own. */
export class PermissionModule extends AggregateRoot<PermissionModuleEvent> {
  #state: PermissionModuleState;

  private constructor(state: PermissionModuleState) {
    super();
    this.#state = state;
  }

  /** @throws IamError `reserved-permission` for a kernel module's name in any spelling, `validation-error` */
  static install(
    input: {
      readonly projectId: ProjectId;
      readonly name: string;
      readonly permissions: readonly { readonly name: string; readonly description: string }[];
    },
    now: Date,
  ): PermissionModule {
    const { projectId, name } = input;
    assertModuleName(name);
    const permissions = input.permissions.map((entry, index) => registered(name, entry, `permissions.${index}.name`));
    const module = new PermissionModule({ projectId, name, permissions, createdAt: now, updatedAt: now });
    module.record({ type: 'module-installed', projectId, module: name, occurredAt: now.toISOString() });
    return module;
  }

  /** For repositories only. */
  static rehydrate(state: PermissionModuleState): PermissionModule {
    return new PermissionModule(state);
  }

  /** Another release of the same module: names may come, and those of `permissions` that are missing go. */
  replace(next: PermissionModule, now: Date): void {
    const { permissions } = next.toState();
    this.#state = { ...this.#state, permissions, updatedAt: now };
    const { projectId, name } = this.#state;
    this.record({ type: 'module-installed', projectId, module: name, occurredAt: now.toISOString() });
  }

  uninstall(now: Date): void {
    const { projectId, name } = this.#state;
    this.record({ type: 'module-uninstalled', projectId, module: name, occurredAt: now.toISOString() });
  }

  toState(): PermissionModuleState {
    return this.#state;
  }
}

function assertModuleName(name: string): void {
  if (isKernelModule(name)) throw new IamError('reserved-permission', { permission: name });
  if (!SEGMENT.test(name)) {
    const message = 'must be one segment of a-z, 0-9, _ and -, at most 64 characters';
    throw invalidField('name', message, 'INVALID_FORMAT');
  }
}

function registered(
  module: string,
  { name, description }: { readonly name: string; readonly description: string },
  field: string,
): PermissionEntry {
  if (isKernelModule(name.split(/[.:]/, 1)[0] ?? '')) throw new IamError('reserved-permission', { permission: name });
  if (!Permission.isName(name) || !isOfModule(name, module)) {
    const message = `must be a permission name that starts with ${module}. or ${module}:`;
    throw invalidField(field, message, 'INVALID_FORMAT');
  }
  return { name: name as Permission, description };
}
