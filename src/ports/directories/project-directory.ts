import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import type { Page, PageRequest } from './page.ts';

export interface ProjectDirectory {
  byId(id: ProjectId): Promise<ProjectState | undefined>;
  platform(): Promise<ProjectState | undefined>;
  page(request: PageRequest<ProjectId>): Promise<Page<ProjectState>>;
}
