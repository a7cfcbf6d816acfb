import { type AuthProviderState, endpointsOf } from '../../domain/project/auth-provider.ts';
import type { ProviderConfiguration } from '../../ports/auth-provider.ts';
import type { SecretBox } from '../../ports/secret-box.ts';

/** What the secret of a provider is sealed for. */
export function providerBinding({ projectId, id }: Pick<AuthProviderState, 'projectId' | 'id'>): string {
  return `auth-provider ${projectId} ${id}`;
}

/** As its adapter sees it: with what the preset adds, the secret opened. */
export function providerConfiguration(provider: AuthProviderState, secretBox: SecretBox): ProviderConfiguration {
  const { id, projectId, type, preset, clientId, clientSecret } = provider;
  const opened = clientSecret === null ? null : secretBox.open(clientSecret, providerBinding(provider));
  return { id, projectId, type, preset, clientId, clientSecret: opened, ...endpointsOf(provider) };
}
