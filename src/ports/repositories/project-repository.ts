import type { Project, ProjectId } from '../../domain/project/project.ts';

export interface ProjectRepository {
  byId(id: ProjectId): Promise<Project | undefined>;
  platform(): Promise<Project | undefined>;
  /** A second platform project MUST fail with `conflict`. */
  save(project: Project): void;
}
