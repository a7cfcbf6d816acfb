import type { SeatRepository } from '../../../ports/repositories/seat-repository.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import type { Queries } from '../queries/queries.ts';

export function seatRepository(queries: Queries['projects'], changes: ChangeSet): SeatRepository {
  return {
    taken: (projectId) => queries.seatsTaken(projectId),
    take: (projectId, limit) => changes.moveSeats(projectId, 1, limit),
    release: (projectId) => changes.moveSeats(projectId, -1, null),
  };
}
