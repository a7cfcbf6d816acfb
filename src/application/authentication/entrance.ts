import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { assertActive, assertInUse, lacksProof } from '../../domain/user/account-standing.ts';
import type { UserState } from '../../domain/user/user.ts';

/**
 * `familiar`: the network has signed the account in lately. With a second factor, which is asked for besides, that opens
 * a locked account too, so that strangers cannot lock its owner out.
 * @throws IamError `account-disabled`, `account-locked`, `email-not-verified`
 */
export function assertMayEnter(
  user: UserState,
  project: ProjectState,
  { familiar }: { readonly familiar: boolean },
): void {
  if (familiar && user.totpEnabledAt !== null) assertInUse(user);
  else assertActive(user);
  if (lacksProof(user, project.settings)) throw new IamError('email-not-verified');
}
