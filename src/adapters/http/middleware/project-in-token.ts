import { decodeJwt } from 'jose';
import { ProjectId } from '../../../domain/project/project.ts';

/** The project that a token says it is of, which is still to be proven. */
export function projectInToken(token: string): ProjectId | undefined {
  try {
    return ProjectId.parse(decodeJwt(token).pid);
  } catch {
    return undefined;
  }
}
