import { IamError, invalidField } from '../../domain/errors.ts';
import { isPlatformRoot, type ProjectState } from '../../domain/project/project.ts';
import { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import { moduleOf, type Permission } from '../../domain/role/permission.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { RoleDirectory, RoleGrant } from '../../ports/directories/role-directory.ts';
import type { Administrator } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { Authority } from './authority.ts';

export interface CheckedPermission {
  readonly allowed: boolean;
  /** The first role, by slug, that grants it, and by which of its names. */
  readonly matchedBy: { readonly role: string; readonly permission: Permission } | null;
  /** For people. */
  readonly explanation: string;
}

interface CheckPermissionDeps {
  readonly authority: Authority;
  readonly roleDirectory: RoleDirectory;
  readonly knownProjects: KnownProjects;
}

const CLOSEST_MOST = 3;

/** Whether somebody may do something in the actor's tenant, and why. */
export class CheckPermission {
  readonly #deps: CheckPermissionDeps;
  constructor(deps: CheckPermissionDeps) {
    this.#deps = deps;
  }

  /** Of others it takes `users.list`; a key asks about others only. @throws IamError `forbidden`, `not-found` for nobody who is a member here */
  async execute(
    actor: Administrator,
    input: { readonly permission: string; readonly userId?: UserId | undefined },
  ): Promise<CheckedPermission> {
    const { authority, roleDirectory, knownProjects } = this.#deps;
    const { projectId, tenantId } = actor;
    const self = 'userId' in actor ? actor.userId : undefined;
    const userId = input.userId ?? self;
    if (userId === undefined) {
      throw invalidField('userId', 'is required with an API key', 'REQUIRED');
    }
    if (userId !== self) await authority.assert(actor, 'users.list');
    const project = await knownProjects.byId(projectId);
    const grants = await roleDirectory.grantsOf(projectId, tenantId, userId);
    if (grants === undefined) throw new IamError('not-found');
    const platform = isPlatformRoot(project, tenantId);
    return explained(input.permission, grants, platform);
  }
}

function explained(
  permission: string,
  grants: readonly RoleGrant[],
  platform: ProjectState['platform'],
): CheckedPermission {
  for (const { slug, permissions } of grants) {
    const match = new EffectivePermissions(permissions, { platform }).match(permission);
    if (match === undefined) continue;
    const covers = match === permission ? '' : `, which covers ${permission}`;
    const explanation = `The role ${slug} grants ${match}${covers}.`;
    return { allowed: true, matchedBy: { role: slug, permission: match }, explanation };
  }
  return { allowed: false, matchedBy: null, explanation: missed(permission, grants) };
}

/** What is granted of the same module. */
function missed(permission: string, grants: readonly RoleGrant[]): string {
  const module = moduleOf(permission);
  const near = grants.flatMap(({ slug, permissions }) =>
    permissions.filter((name) => moduleOf(name) === module).map((name) => `${name} (role ${slug})`),
  );
  const refused = `No role grants ${permission}, its module's wildcard or everything.`;
  return near.length === 0
    ? `${refused} Nothing of the module ${module} is granted.`
    : `${refused} Closest: ${near.slice(0, CLOSEST_MOST).join(', ')}.`;
}
