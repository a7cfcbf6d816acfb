import { ProjectId } from '../../domain/project/project.ts';

/** The project that a state was made in. `undefined` for whatever is no state. */
export function projectOfState(state: string): ProjectId | undefined {
  return ProjectId.parse(state.split('.')[0]);
}
