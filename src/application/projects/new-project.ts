import { Project, type ProjectId, type ProjectState } from '../../domain/project/project.ts';
import type { ProjectSettings } from '../../domain/project/project-settings.ts';
import { SigningKey } from '../../domain/project/signing-key.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { SigningKeyFactory } from '../../ports/signing-key-factory.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { establishTenant } from '../tenants/establish-tenant.ts';

/** What a project consists of before anything of it is saved; making the keys takes a while. */
export interface ProjectPlan {
  readonly id: ProjectId;
  readonly rootTenantId: TenantId;
  readonly name: string;
  readonly platform: boolean;
  readonly settings: ProjectSettings;
  readonly keys: readonly Awaited<ReturnType<SigningKeyFactory['generate']>>[];
}

export async function planProject(
  input: Pick<ProjectPlan, 'name' | 'platform' | 'settings'>,
  deps: { readonly idGenerator: IdGenerator; readonly signingKeyFactory: SigningKeyFactory },
): Promise<ProjectPlan> {
  const { idGenerator, signingKeyFactory } = deps;
  const id = idGenerator.next<ProjectId>();
  const generate = () => signingKeyFactory.generate(id, input.settings.signingAlgorithm);
  const keys = await Promise.all([generate(), generate()]);
  return { ...input, id, rootTenantId: idGenerator.next(), keys };
}

/** Saves a project with its root tenant and a current and a next signing key. */
export function saveProject(
  repositories: Repositories,
  by: UserActor | Operator,
  plan: ProjectPlan,
  ownerId: UserId | null,
  idGenerator: IdGenerator,
  now: Date,
): ProjectState {
  const { id, rootTenantId, name, platform, settings, keys } = plan;
  const project = Project.create({ id, name, rootTenantId, platform, settings }, now);
  repositories.projects.save(project);
  const rootTenant = { id: rootTenantId, projectId: id, name, ownerId, root: true };
  establishTenant(repositories, by, rootTenant, idGenerator, now);
  keys.forEach((generated, index) => {
    const key = SigningKey.prepare(generated, now);
    if (index === 0) key.activate(now);
    repositories.signingKeys.save(key);
  });
  const what = { action: 'project.created', entityType: 'project', entityId: id, after: { name, settings } } as const;
  repositories.audit.record(audited(by, { ...what, projectId: id, tenantId: rootTenantId }, now));
  return project.toState();
}
