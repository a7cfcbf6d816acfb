import { IamError } from '../../domain/errors.ts';
import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../domain/project/project-settings.ts';
import { SigningKey } from '../../domain/project/signing-key.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { assertDefaultRoleExists } from './default-role.ts';
import type { KnownProjects } from './known-projects.ts';
import type { PlatformAuthority } from './platform-authority.ts';

export interface UpdateProjectInput {
  readonly id: ProjectId;
  readonly name?: string | undefined;
  /** Merged deeply. */
  readonly settings?: ProjectSettingsPatch | undefined;
  /** Asked about the project as it stands before the change (RFC 9110 §13.1.1). */
  readonly ifMatch?: ((current: ProjectState) => boolean) | undefined;
}

type UpdateProjectDeps = Pick<Ports, 'unitOfWork' | 'signingKeyFactory' | 'tokenSigner' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
  readonly knownProjects: KnownProjects;
};

/** Changes a project. A new signing algorithm is published at once, and signs from the next rotation on. */
export class UpdateProject {
  readonly #deps: UpdateProjectDeps;
  constructor(deps: UpdateProjectDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found`, `precondition-failed`, `validation-error` */
  async execute(actor: UserActor | Operator, input: UpdateProjectInput): Promise<ProjectState> {
    const { platformAuthority, unitOfWork, signingKeyFactory, tokenSigner, knownProjects, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const algorithm = input.settings?.signingAlgorithm;
    const generated = algorithm === undefined ? undefined : await signingKeyFactory.generate(input.id, algorithm);
    const changed = await unitOfWork.run(async ({ projects, roles, signingKeys, audit }) => {
      const now = clock.now();
      const project = await projects.byId(input.id);
      if (project === undefined) throw new IamError('not-found');
      const before = project.toState();
      if (input.ifMatch !== undefined && !input.ifMatch(before)) throw new IamError('precondition-failed');
      project.change(input, now);
      projects.save(project);
      const after = project.toState();
      const { defaultRole } = input.settings ?? {};
      if (defaultRole !== undefined) {
        assertDefaultRoleExists((await roles.bySlug(after.id, after.rootTenantId, defaultRole)) !== undefined);
      }
      if (generated !== undefined && generated.algorithm !== before.settings.signingAlgorithm) {
        const next = (await signingKeys.ofProject(input.id)).find((key) => key.stage === 'next');
        if (next !== undefined) {
          next.remove(now);
          signingKeys.save(next);
        }
        signingKeys.save(SigningKey.prepare(generated, now));
      }
      const changes = { before: shown(before), after: shown(after) };
      const what = { action: 'project.updated', entityType: 'project', entityId: input.id, ...changes } as const;
      audit.record(audited(actor, { ...what, projectId: input.id, tenantId: after.rootTenantId }, now));
      return after;
    });
    knownProjects.forget(input.id);
    tokenSigner.forget(input.id);
    return changed;
  }
}

function shown({ name, settings }: ProjectState): Readonly<Record<string, unknown>> {
  return { name, settings };
}
