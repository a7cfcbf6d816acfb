import { emailOf, nameOf, subjectOf } from '../../domain/user/external-claims.ts';
import type { ExternalIdentity } from '../../ports/auth-provider.ts';

/**
 * What a provider says of somebody is input like any other, whichever adapter it came through. A name or address that
 * is none is left out; a subject is needed.
 * @throws IamError `token-invalid`
 */
export function acceptableIdentity(identity: ExternalIdentity): ExternalIdentity {
  return {
    externalId: subjectOf(identity.externalId),
    email: emailOf(identity.email),
    // The word "true" is no proof, and "false" would be one too.
    emailVerified: identity.emailVerified === true,
    displayName: nameOf(identity.displayName),
    firstName: nameOf(identity.firstName),
    lastName: nameOf(identity.lastName),
  };
}
