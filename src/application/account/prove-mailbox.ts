import type { ProjectState } from '../../domain/project/project.ts';
import type { OneTimeTokenPurpose } from '../../domain/session/one-time-token.ts';
import type { User } from '../../domain/user/user.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { takeSeat } from '../projects/take-seat.ts';

/**
 * The mailbox of a new account answered: it counts from now on, and the other ways to prove or disown it are void.
 * The caller saves the user, and spends the token that it was proven with.
 * @throws IamError `user-limit-reached`
 */
export async function proveMailbox(
  { seats, oneTimeTokens }: Pick<Repositories, 'seats' | 'oneTimeTokens'>,
  project: ProjectState,
  user: User,
  now: Date,
  voids: readonly OneTimeTokenPurpose[],
): Promise<void> {
  if (!user.toState().holdsSeat) await takeSeat(seats, project);
  user.proveMailbox(now);
  oneTimeTokens.discard(project.id, user.id, voids);
}
