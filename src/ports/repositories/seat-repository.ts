import type { ProjectId } from '../../domain/project/project.ts';

/** The places that a project's user limit counts. */
export interface SeatRepository {
  taken(projectId: ProjectId): Promise<number>;
  /** One more, never beyond `limit` (`null`: none): the commit fails like a lost race when it would be. */
  take(projectId: ProjectId, limit: number | null): void;
  release(projectId: ProjectId): void;
}
