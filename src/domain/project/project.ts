import { IamError } from '../errors.ts';
import type { ProjectEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { TenantId } from '../tenant/tenant.ts';
import { changedSettings, type ProjectSettings, type ProjectSettingsPatch } from './project-settings.ts';

export type ProjectId = Brand<string, 'ProjectId'>;
export const ProjectId = identifierDoor<ProjectId>();

export interface ProjectState {
  readonly id: ProjectId;
  readonly name: string;
  readonly rootTenantId: TenantId;
  /** The one project that serves the v1 API without being named, and whose root tenant owns the platform. */
  readonly platform: boolean;
  readonly settings: ProjectSettings;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A sealed pool of identities with its own policy, keys and users. The same email in two projects is two people. */
export class Project extends AggregateRoot<ProjectEvent> {
  #state: ProjectState;

  private constructor(state: ProjectState) {
    super();
    this.#state = state;
  }

  static create(input: Omit<ProjectState, 'createdAt' | 'updatedAt'>, now: Date): Project {
    const project = new Project({ ...input, createdAt: now, updatedAt: now });
    project.record({ type: 'project-created', projectId: input.id, occurredAt: now.toISOString() });
    return project;
  }

  /** For repositories only. */
  static rehydrate(state: ProjectState): Project {
    return new Project(state);
  }

  get id(): ProjectId {
    return this.#state.id;
  }
  get settings(): ProjectSettings {
    return this.#state.settings;
  }

  /** @throws IamError `validation-error` when a setting is out of range */
  change(
    change: { readonly name?: string | undefined; readonly settings?: ProjectSettingsPatch | undefined },
    now: Date,
  ): void {
    this.#state = {
      ...this.#state,
      name: change.name ?? this.#state.name,
      settings: changedSettings(this.#state.settings, change.settings ?? {}),
      updatedAt: now,
    };
    this.record({ type: 'project-changed', projectId: this.id, occurredAt: now.toISOString() });
  }

  toState(): ProjectState {
    return this.#state;
  }
}

/** Whether whoever holds something in the tenant may hold what is the platform's alone. */
export function isPlatformRoot(
  { platform, rootTenantId }: Pick<ProjectState, 'platform' | 'rootTenantId'>,
  tenantId: TenantId,
): boolean {
  return platform && tenantId === rootTenantId;
}

/** @throws IamError `registration-closed` */
export function assertRegistrationOpen(settings: ProjectSettings): void {
  if (!settings.registrationEnabled) throw new IamError('registration-closed');
}

/** @throws IamError `sign-in-closed` */
export function assertSignInOpen(settings: ProjectSettings): void {
  if (!settings.signInEnabled) throw new IamError('sign-in-closed');
}
