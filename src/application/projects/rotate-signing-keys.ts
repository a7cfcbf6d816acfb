import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { LONGEST_ACCESS_TOKEN_SECONDS } from '../../domain/project/project-settings.ts';
import { SigningKey } from '../../domain/project/signing-key.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { type SigningKeyView, signingKeyView } from './list-signing-keys.ts';
import type { PlatformAuthority } from './platform-authority.ts';

type RotateSigningKeysDeps = Pick<
  Ports,
  'unitOfWork' | 'projectDirectory' | 'signingKeyFactory' | 'tokenSigner' | 'clock'
> & { readonly platformAuthority: PlatformAuthority };

/** next → current → previous, and a new next. No token that was signed before stops verifying (ASVS 13.3.4). */
export class RotateSigningKeys {
  readonly #deps: RotateSigningKeysDeps;
  constructor(deps: RotateSigningKeysDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found`, `rotation-too-soon` */
  async execute(actor: UserActor | Operator, projectId: ProjectId): Promise<readonly SigningKeyView[]> {
    const { platformAuthority, projectDirectory, signingKeyFactory, unitOfWork, tokenSigner, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const project = await projectDirectory.byId(projectId);
    if (project === undefined) throw new IamError('not-found');
    const generated = await signingKeyFactory.generate(projectId, project.settings.signingAlgorithm);
    const keys = await unitOfWork.run(async ({ signingKeys, audit }) => {
      const now = clock.now();
      const ring = await signingKeys.ofProject(projectId);
      const next = ring.find((key) => key.stage === 'next');
      const current = ring.find((key) => key.stage === 'current');
      if (next === undefined || current === undefined) throw new IamError('conflict');
      next.assertPublishedLongEnough(now);
      current.retireAfter(LONGEST_ACCESS_TOKEN_SECONDS, now);
      next.activate(now);
      const prepared = SigningKey.prepare(generated, now);
      for (const key of [current, next, prepared]) signingKeys.save(key);
      const what = { action: 'signing-key.rotated', entityType: 'signing-key', entityId: next.toState().kid } as const;
      audit.record(audited(actor, { ...what, projectId, tenantId: project.rootTenantId }, now));
      return [...ring, prepared].map((key) => signingKeyView(key.toState()));
    });
    tokenSigner.forget(projectId);
    return keys;
  }
}
