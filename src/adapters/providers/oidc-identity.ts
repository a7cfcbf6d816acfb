import type { IDToken, ServerMetadata, UserInfoResponse } from 'openid-client';
import { IamError } from '../../domain/errors.ts';
import type { ProviderPreset } from '../../domain/project/provider-presets.ts';
import { emailOf, nameOf, subjectOf } from '../../domain/user/external-claims.ts';
import type { ExternalIdentity } from '../../ports/auth-provider.ts';

const MICROSOFT = 'https://login.microsoftonline.com/';

/** What an authority of many tenants has instead of an issuer. */
const ANY_TENANT = '{tenantid}';

/** `said` has the address and the names: the token itself, or the userinfo answer of the same subject. */
export function oidcIdentity(
  token: IDToken,
  said: IDToken | UserInfoResponse,
  { issuer, preset }: Pick<ServerMetadata, 'issuer'> & { readonly preset: ProviderPreset | null },
): ExternalIdentity {
  // Any administrator of a tenant writes any address there; what Microsoft itself vouches for is this claim.
  const proof = preset === 'microsoft' || issuer.startsWith(MICROSOFT) ? said.xms_edov : said.email_verified;
  const email = emailOf(said.email);
  return {
    externalId: externalIdOf(token, issuer),
    email,
    emailVerified: email !== null && proof === true,
    displayName: nameOf(said.name),
    firstName: nameOf(said.given_name),
    lastName: nameOf(said.family_name),
  };
}

/** A subject is unique within its issuer (OpenID Connect Core §5.7): one of many issuers is named with its tenant. */
function externalIdOf({ sub, tid }: IDToken, issuer: string): string {
  if (!issuer.includes(ANY_TENANT)) return subjectOf(sub);
  if (typeof tid !== 'string') throw new IamError('token-invalid');
  return subjectOf(`${tid}:${sub}`);
}
