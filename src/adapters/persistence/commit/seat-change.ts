import type { ProjectId } from '../../../domain/project/project.ts';
import type { Change } from './change.ts';

export interface SeatMove {
  readonly by: number;
  readonly limit: number | null;
}

/** Moves a project's counter, which begins at none; a move beyond the limit hits no row. */
export function seatChange(projectId: ProjectId, { by, limit }: SeatMove): Change {
  return {
    row: `project_seats ${projectId}`,
    shape: 'seats',
    params: [projectId, by, limit],
    answers: 'one',
    sql: (next) => {
      const [project, moved, most] = [next(), next(), next()];
      return (
        `insert into "project_seats" as "seats" ("project_id", "taken") ` +
        `select ${project}::uuid, greatest(${moved}::integer, 0) where ${most}::integer is null or ${moved} <= ${most} ` +
        `on conflict ("project_id") do update set "taken" = greatest("seats"."taken" + ${moved}, 0) ` +
        `where ${most} is null or "seats"."taken" + ${moved} <= ${most} returning 1`
      );
    },
  };
}
