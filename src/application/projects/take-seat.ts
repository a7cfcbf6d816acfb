import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { SeatRepository } from '../../ports/repositories/seat-repository.ts';

/**
 * Takes a place of the project's user limit; a provisional one (an address still to be proven) is only looked for.
 * @throws IamError `user-limit-reached`
 */
export async function takeSeat(
  seats: SeatRepository,
  project: ProjectState,
  options: { readonly provisional: boolean } = { provisional: false },
): Promise<void> {
  const limit = project.settings.userLimit;
  if (limit !== null && (await seats.taken(project.id)) >= limit) throw new IamError('user-limit-reached');
  if (!options.provisional) seats.take(project.id, limit);
}
