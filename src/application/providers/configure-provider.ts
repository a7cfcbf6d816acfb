import { IamError } from '../../domain/errors.ts';
import {
  AuthProvider,
  type AuthProviderView,
  authProviderView,
  type ProviderEndpoints,
  type ProviderType,
} from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { ProviderPreset } from '../../domain/project/provider-presets.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';
import { providerBinding } from './provider-configuration.ts';
import { assertUsable, type Given, parseProviderId, typeOf } from './provider-input.ts';

export interface ConfigureProviderInput extends Given<ProviderEndpoints> {
  readonly projectId: ProjectId;
  /** A slug. */
  readonly id: string;
  readonly name: string;
  /** Needed where there is no preset. */
  readonly type?: ProviderType | undefined;
  readonly preset?: ProviderPreset | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly enabled?: boolean | undefined;
}

type ConfigureProviderDeps = Pick<Ports, 'unitOfWork' | 'providerAdapters' | 'secretBox' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** One more way for the people of a project to sign in. On offer at once, where it is enabled. */
export class ConfigureProvider {
  readonly #deps: ConfigureProviderDeps;
  constructor(deps: ConfigureProviderDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found`, `validation-error`, `conflict` for an id that is taken */
  async execute(actor: UserActor | Operator, input: ConfigureProviderInput): Promise<AuthProviderView> {
    const { platformAuthority, unitOfWork, providerAdapters, secretBox, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const { projectId, name, clientSecret: secret } = input;
    const id = parseProviderId(input.id);
    const configured = AuthProvider.configure(
      {
        id,
        projectId,
        name,
        type: typeOf(input.type, input.preset),
        preset: input.preset ?? null,
        clientId: input.clientId ?? null,
        clientSecret: secret === undefined ? null : secretBox.seal(secret, providerBinding({ projectId, id })),
        issuer: input.issuer ?? null,
        authorizeUrl: input.authorizeUrl ?? null,
        tokenUrl: input.tokenUrl ?? null,
        userinfoUrl: input.userinfoUrl ?? null,
        mapping: input.mapping ?? null,
        scopes: input.scopes ?? [],
        chainIds: input.chainIds ?? [],
        enabled: input.enabled ?? true,
      },
      clock.now(),
    );
    assertUsable(configured.toState(), providerAdapters, secretBox);
    return unitOfWork.run(async ({ projects, authProviders, audit }) => {
      const project = await projects.byId(projectId);
      if (project === undefined) throw new IamError('not-found');
      if ((await authProviders.byId(projectId, id)) !== undefined) throw new IamError('conflict');
      authProviders.save(configured);
      const after = authProviderView(configured.toState());
      const what = {
        action: 'provider.configured',
        entityType: 'provider',
        entityId: id,
        after: { ...after },
      } as const;
      audit.record(audited(actor, { ...what, projectId, tenantId: project.toState().rootTenantId }, clock.now()));
      return after;
    });
  }
}
