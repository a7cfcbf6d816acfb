import { IamError } from '../../domain/errors.ts';
import type { ApiKeyId } from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { KnownApiKeys } from './known-api-keys.ts';
import type { PlatformAuthority } from './platform-authority.ts';

type RevokeApiKeyDeps = Pick<Ports, 'unitOfWork' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
  readonly knownApiKeys: KnownApiKeys;
};

/** The key opens nothing from now on, here at once. Idempotent. */
export class RevokeApiKey {
  readonly #deps: RevokeApiKeyDeps;
  constructor(deps: RevokeApiKeyDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found` */
  async execute(
    actor: UserActor | Operator,
    input: { readonly projectId: ProjectId; readonly apiKeyId: ApiKeyId },
  ): Promise<void> {
    const { platformAuthority, unitOfWork, knownApiKeys, clock } = this.#deps;
    const { projectId, apiKeyId } = input;
    await platformAuthority.assertRecent(actor);
    await unitOfWork.run(async ({ projects, apiKeys, audit }) => {
      const now = clock.now();
      const key = await apiKeys.byId(projectId, apiKeyId);
      const project = await projects.byId(projectId);
      if (key === undefined || project === undefined) throw new IamError('not-found');
      if (key.toState().revokedAt !== null) return;
      key.revoke(now);
      apiKeys.save(key);
      const what = { action: 'api-key.revoked', entityType: 'api-key', entityId: apiKeyId } as const;
      audit.record(audited(actor, { ...what, projectId, tenantId: project.toState().rootTenantId }, now));
    });
    knownApiKeys.clear();
  }
}
