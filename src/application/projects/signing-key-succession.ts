import type { ProjectState } from '../../domain/project/project.ts';
import { isPublished, SigningKey } from '../../domain/project/signing-key.ts';
import { isSuccessionDue, SigningKeyRing, type Succession } from '../../domain/project/signing-key-ring.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { type SigningKeyView, signingKeyView } from './list-signing-keys.ts';

interface Succeeded extends Pick<Succession, 'kind'> {
  /** As they are now. */
  readonly keys: readonly SigningKeyView[];
}

/** When it is done only where no key signs that has begun to after that. */
interface Schedule {
  readonly since: Date;
}

type SigningKeySuccessionDeps = Pick<Ports, 'unitOfWork' | 'signingKeyFactory' | 'tokenSigner' | 'clock'>;

/** Lets the next signing key of a project follow the current one: by command and on schedule, by the same rules. */
export class SigningKeySuccession {
  readonly #deps: SigningKeySuccessionDeps;
  constructor(deps: SigningKeySuccessionDeps) {
    this.#deps = deps;
  }

  /** `undefined` where the schedule has nothing to do. @throws IamError `rotation-too-soon` */
  advance(by: UserActor | Operator, project: ProjectState): Promise<Succeeded>;
  advance(by: UserActor | Operator, project: ProjectState, schedule: Schedule): Promise<Succeeded | undefined>;
  async advance(
    by: UserActor | Operator,
    project: ProjectState,
    schedule?: Schedule | undefined,
  ): Promise<Succeeded | undefined> {
    const { unitOfWork, signingKeyFactory, tokenSigner, clock } = this.#deps;
    const { id: projectId, rootTenantId: tenantId } = project;
    const generated = await signingKeyFactory.generate(projectId, project.settings.signingAlgorithm);
    const succeeded = await unitOfWork.run(async ({ projects, signingKeys, audit }) => {
      const now = clock.now();
      // Read before the keys: see below.
      const owner = await projects.byId(projectId);
      const keys = await signingKeys.ofProject(projectId);
      // Whoever lost the race finds it done.
      if (
        schedule &&
        !isSuccessionDue(
          keys.map((key) => key.toState()),
          schedule.since,
        )
      )
        return undefined;
      const fresh = SigningKey.prepare(generated, now);
      const { kind, key, changed } = new SigningKeyRing(keys).rotate(fresh, now);
      for (const each of changed) signingKeys.save(each);
      // Of several who find a gap one fills it: no key tells them of each other.
      if (kind === 'mended' && owner !== undefined) projects.save(owner);
      const action = kind === 'mended' ? 'signing-key.prepared' : 'signing-key.rotated';
      const metadata = schedule === undefined ? {} : { scheduled: true };
      const what = { action, entityType: 'signing-key', entityId: key.toState().kid, metadata } as const;
      audit.record(audited(by, { ...what, projectId, tenantId }, now));
      const states = [...keys, fresh].map((each) => each.toState());
      return { kind, keys: states.filter((state) => isPublished(state, now)).map(signingKeyView) };
    });
    tokenSigner.forget(projectId);
    return succeeded;
  }
}
