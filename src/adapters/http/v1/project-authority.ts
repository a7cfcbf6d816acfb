import { PLATFORM_PROJECTS, type UserActor } from '../../../application/actor.ts';
import { IamError } from '../../../domain/errors.ts';

/** For answers that are repeated without asking a use case. @throws IamError `forbidden` */
export function assertMayManageProjects(actor: UserActor): void {
  if (!actor.permissions.allows(PLATFORM_PROJECTS)) {
    throw new IamError('forbidden', { requiredPermission: PLATFORM_PROJECTS });
  }
}
