import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { SigningKey } from '../../domain/project/signing-key.ts';
import { SigningKeyRing } from '../../domain/project/signing-key-ring.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { PlatformAuthority } from './platform-authority.ts';

type RemoveSigningKeyDeps = Pick<
  Ports,
  'unitOfWork' | 'projectDirectory' | 'signingKeyFactory' | 'tokenSigner' | 'clock'
> & { readonly platformAuthority: PlatformAuthority };

/**
 * Removes a compromised key at once: every token that it signed is void. A removed current key is followed by the
 * next one, whatever its age; a removed next key by a new one.
 */
export class RemoveSigningKey {
  readonly #deps: RemoveSigningKeyDeps;
  constructor(deps: RemoveSigningKeyDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found` */
  async execute(
    actor: UserActor | Operator,
    input: { readonly projectId: ProjectId; readonly kid: string },
  ): Promise<void> {
    const { platformAuthority, projectDirectory, signingKeyFactory, unitOfWork, tokenSigner, clock } = this.#deps;
    const { projectId, kid } = input;
    await platformAuthority.assertRecent(actor);
    const project = await projectDirectory.byId(projectId);
    if (project === undefined) throw new IamError('not-found');
    const generated = await signingKeyFactory.generate(projectId, project.settings.signingAlgorithm);
    await unitOfWork.run(async ({ signingKeys, audit }) => {
      const now = clock.now();
      const ring = new SigningKeyRing(await signingKeys.ofProject(projectId));
      const { stage, changed } = ring.remove(kid, SigningKey.prepare(generated, now), now);
      for (const key of changed) signingKeys.save(key);
      const what = {
        action: 'signing-key.removed',
        entityType: 'signing-key',
        entityId: kid,
        before: { stage },
      } as const;
      audit.record(audited(actor, { ...what, projectId, tenantId: project.rootTenantId }, now));
    });
    tokenSigner.forget(projectId);
  }
}
