import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { ProviderAnswer, ProviderConfiguration } from '../../src/ports/auth-provider.ts';

export const PUBLIC_URL = 'https://iam.example';

/** A configuration with nothing in it but what is given. */
export function aConfiguration(given: Partial<ProviderConfiguration> = {}): ProviderConfiguration {
  return {
    id: 'there' as ProviderId,
    projectId: '0196a000-0000-7000-8000-000000000001' as ProjectId,
    type: 'oidc',
    preset: null,
    clientId: 'castellan',
    clientSecret: 'a secret that only the two of them know',
    issuer: null,
    authorizeUrl: null,
    tokenUrl: null,
    userinfoUrl: null,
    mapping: null,
    scopes: [],
    chainIds: [],
    ...given,
  };
}

/** What a browser brings back. */
export function redirectedWith(parameters: Readonly<Record<string, string>>): ProviderAnswer {
  return { kind: 'redirect', parameters };
}

/** When somebody starts, and how long the way there may take. */
export function aMoment(now = new Date()) {
  return { now, expiresAt: new Date(now.getTime() + 600_000) };
}
