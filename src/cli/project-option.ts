import { Option } from 'commander';
import type { Iam } from '../application/iam.ts';
import { orElse } from './or-else.ts';

export type Project = Awaited<ReturnType<Iam['projects']['findProject']['execute']>>;

export const PROJECT_OPTION = new Option('--project <id>', 'the project; without it, the platform project');

/** The one that was named, else the platform project. */
export function projectOf(iam: Iam, id: string | undefined): Promise<Project> {
  const advice =
    id === undefined
      ? 'The platform is not installed yet. Install it: castellan serve, or castellan owner create'
      : `There is no project ${id}. Those that there are: castellan project list`;
  return orElse(iam.projects.findProject.execute(id), advice);
}
