import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { isSuccessionDue } from '../../domain/project/signing-key-ring.ts';
import type { Ports } from '../../ports/ports.ts';
import { OPERATOR } from '../actor.ts';
import type { Policy } from '../policy.ts';
import type { SigningKeySuccession } from './signing-key-succession.ts';

type RotateDueSigningKeysDeps = Pick<Ports, 'projectDirectory' | 'signingKeyDirectory' | 'clock'> & {
  readonly signingKeySuccession: SigningKeySuccession;
  readonly policy: Policy;
};

/** A project whose keys are as they were, and why. */
export interface FailedSuccession {
  readonly projectId: ProjectId;
  readonly error: unknown;
}

/** Lets the next signing key follow wherever one has signed for long enough. Any number of replicas may be at it. */
export class RotateDueSigningKeys {
  readonly #deps: RotateDueSigningKeysDeps;
  constructor(deps: RotateDueSigningKeysDeps) {
    this.#deps = deps;
  }

  /**
   * At most `limit` projects, one after the other and for as long as `goesOn`: a key takes a processor a good while to
   * make. One that fails holds up no other.
   */
  async execute(limit: number, goesOn: () => boolean = () => true): Promise<readonly FailedSuccession[]> {
    const { signingKeyDirectory, policy, clock } = this.#deps;
    const since = new Date(clock.now().getTime() - policy.signingKeySeconds * 1000);
    const due = await signingKeyDirectory.due(since, limit);
    // Replicas that are at it at once meet less often than if each began with the first.
    const first = Math.floor(Math.random() * due.length);
    const failed: FailedSuccession[] = [];
    for (const projectId of [...due.slice(first), ...due.slice(0, first)]) {
      if (goesOn()) failed.push(...(await this.#rotate(projectId, since)));
    }
    return failed;
  }

  async #rotate(projectId: ProjectId, since: Date): Promise<readonly FailedSuccession[]> {
    const { projectDirectory, signingKeyDirectory, signingKeySuccession } = this.#deps;
    try {
      const project = await projectDirectory.byId(projectId);
      // Another replica may have been here since they were listed.
      const isDue = isSuccessionDue(await signingKeyDirectory.ofProject(projectId), since);
      if (project !== undefined && isDue) await signingKeySuccession.advance(OPERATOR, project, { since });
      return [];
    } catch (error) {
      return isNoFailure(error) ? [] : [{ projectId, error }];
    }
  }
}

/** Another replica was first, again and again; or the next key was changed a moment ago. */
function isNoFailure(error: unknown): boolean {
  return error instanceof IamError && (error.code === 'conflict' || error.code === 'rotation-too-soon');
}
