import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { assertStanding, lacksProof, type UserState } from '../../domain/user/user.ts';

/** @throws IamError `account-disabled`, `account-locked`, `email-not-verified` */
export function assertMayEnter(user: UserState, project: ProjectState): void {
  assertStanding(user);
  if (lacksProof(user, project.settings)) throw new IamError('email-not-verified');
}
