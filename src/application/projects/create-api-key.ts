import { IamError, invalidField } from '../../domain/errors.ts';
import {
  ApiKey,
  type ApiKeyId,
  type ApiKeyPermission,
  type ApiKeyView,
  apiKeyView,
} from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { API_KEY_CONTEXT, API_KEY_PREFIX } from './known-api-keys.ts';
import type { PlatformAuthority } from './platform-authority.ts';

const SHOWN_CHARACTERS = 10;

type CreateApiKeyDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'idGenerator' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** A new key for a back end. The key itself is in this answer and nowhere else. */
export class CreateApiKey {
  readonly #deps: CreateApiKeyDeps;
  constructor(deps: CreateApiKeyDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found`, `validation-error` */
  async execute(
    actor: UserActor | Operator,
    input: {
      readonly projectId: ProjectId;
      readonly name: string;
      readonly permissions: readonly ApiKeyPermission[];
      readonly expiresAt?: Date | undefined;
    },
  ): Promise<{ readonly key: string; readonly apiKey: ApiKeyView }> {
    const { platformAuthority, unitOfWork, secretIssuer, idGenerator, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const { projectId, name } = input;
    const permissions = [...new Set(input.permissions)].sort();
    if (permissions.length === 0) throw invalidField('permissions', 'must name at least one', 'TOO_SMALL');
    if (input.expiresAt !== undefined && input.expiresAt <= clock.now())
      throw invalidField('expiresAt', 'must be in the future', 'TOO_SMALL');
    const { secret, digest } = secretIssuer.lastingToken(API_KEY_CONTEXT, API_KEY_PREFIX);
    const id = idGenerator.next<ApiKeyId>();
    const prefix = secret.slice(0, SHOWN_CHARACTERS);
    const expiresAt = input.expiresAt ?? null;
    const apiKey = await unitOfWork.run(async ({ projects, apiKeys, audit }) => {
      const now = clock.now();
      const project = await projects.byId(projectId);
      if (project === undefined) throw new IamError('not-found');
      const issued = ApiKey.issue({ id, projectId, name, digest, prefix, permissions, expiresAt }, now);
      apiKeys.save(issued);
      const after = { name, prefix, permissions, expiresAt };
      const what = { action: 'api-key.created', entityType: 'api-key', entityId: id, after } as const;
      audit.record(audited(actor, { ...what, projectId, tenantId: project.toState().rootTenantId }, now));
      return apiKeyView(issued.toState());
    });
    return { key: secret, apiKey };
  }
}
