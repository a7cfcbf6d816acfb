import { IamError, invalidField } from '../../domain/errors.ts';
import {
  type AuthProviderChange,
  type AuthProviderView,
  authProviderView,
  type ProviderId,
} from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { changesOf } from '../audit/changes-of.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';
import { providerBinding } from './provider-configuration.ts';
import { assertUsable, type Given } from './provider-input.ts';

export interface ChangeProviderInput extends Given<Omit<AuthProviderChange, 'clientSecret'>> {
  readonly projectId: ProjectId;
  readonly id: ProviderId;
  readonly clientSecret?: string | undefined;
}

type ChangeProviderDeps = Pick<Ports, 'unitOfWork' | 'providerAdapters' | 'secretBox' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
};

/** Changes a provider, or switches it on or off: at once, also for whoever is on the way. */
export class ChangeProvider {
  readonly #deps: ChangeProviderDeps;
  constructor(deps: ChangeProviderDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `reauthentication-required`, `not-found`, `validation-error` */
  async execute(actor: UserActor | Operator, input: ChangeProviderInput): Promise<AuthProviderView> {
    const { platformAuthority, unitOfWork, providerAdapters, secretBox, clock } = this.#deps;
    await platformAuthority.assertRecent(actor);
    const { projectId, id, clientSecret: secret, ...change } = input;
    const clientSecret = secret === undefined ? undefined : secretBox.seal(secret, providerBinding({ projectId, id }));
    return unitOfWork.run(async ({ projects, authProviders, audit }) => {
      const now = clock.now();
      const project = await projects.byId(projectId);
      const provider = await authProviders.byId(projectId, id);
      if (project === undefined || provider === undefined) throw new IamError('not-found');
      const before = authProviderView(provider.toState());
      assertSameSubjects(before, change);
      provider.change({ ...change, clientSecret } as AuthProviderChange, now);
      // One with which something is wrong by now can be switched off all the same.
      if (provider.toState().enabled) assertUsable(provider.toState(), providerAdapters, secretBox);
      authProviders.save(provider);
      const after = authProviderView(provider.toState());
      const changes = changesOf(change as Partial<AuthProviderView>, before, after);
      const metadata = secret === undefined ? {} : { changed: ['clientSecret'] };
      const what = { action: 'provider.updated', entityType: 'provider', entityId: id, ...changes, metadata } as const;
      audit.record(audited(actor, { ...what, projectId, tenantId: project.toState().rootTenantId }, now));
      return after;
    });
  }
}

/** What names people there names them here: those who are linked would become others. */
function assertSameSubjects(
  before: Pick<AuthProviderView, 'type' | 'userinfoUrl' | 'mapping'>,
  { userinfoUrl = before.userinfoUrl, mapping = before.mapping }: Given<AuthProviderChange>,
): void {
  if (before.type !== 'oauth2') return;
  const field = [
    userinfoUrl === before.userinfoUrl ? [] : ['userinfoUrl'],
    mapping?.subject === before.mapping?.subject ? [] : ['mapping.subject'],
  ].flat()[0];
  if (field === undefined) return;
  const message = 'cannot be changed: configure another provider, those who are linked would become others';
  throw invalidField(field, message, 'NOT_ALLOWED');
}
