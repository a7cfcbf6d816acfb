import type { z } from '@hono/zod-openapi';
import type { StartedAtProvider } from '../../../application/providers/authorization-requests.ts';
import type { LinkView } from '../../../application/providers/link-view.ts';
import type { AuthProviderView } from '../../../domain/project/auth-provider.ts';
import { moment } from './moment.ts';
import type { Provider } from './provider-configuration-contract.ts';
import type { Link, Reauthenticated, StartedAtProvider as Started } from './provider-schemas.ts';

export function presentStarted({
  redirectUrl,
  state,
  verifier,
  expiresAt,
  challenge,
}: StartedAtProvider): z.output<typeof Started> {
  return { redirectUrl, state, verifier, expiresAt: moment(expiresAt), ...challenge };
}

export function presentLink(link: LinkView): z.output<typeof Link> {
  const { id, providerId, providerType, externalId, email, displayName, linkedAt } = link;
  return { id, providerId, providerType, externalId, email, displayName, linkedAt: moment(linkedAt) };
}

export function presentReauthenticated({
  authenticatedAt,
}: {
  readonly authenticatedAt: Date;
}): z.output<typeof Reauthenticated> {
  return { authenticatedAt: moment(authenticatedAt) };
}

export function presentProvider(provider: AuthProviderView): z.output<typeof Provider> {
  return {
    id: provider.id,
    type: provider.type,
    name: provider.name,
    preset: provider.preset,
    clientId: provider.clientId,
    issuer: provider.issuer,
    authorizeUrl: provider.authorizeUrl,
    tokenUrl: provider.tokenUrl,
    userinfoUrl: provider.userinfoUrl,
    mapping: provider.mapping,
    scopes: provider.scopes,
    chainIds: provider.chainIds,
    enabled: provider.enabled,
    createdAt: moment(provider.createdAt),
    updatedAt: moment(provider.updatedAt),
  };
}
