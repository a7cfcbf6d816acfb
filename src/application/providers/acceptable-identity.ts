import { IamError } from '../../domain/errors.ts';
import type { ExternalIdentity } from '../../ports/auth-provider.ts';

const MAX_SUBJECT = 255;
const MAX_EMAIL = 320;
const MAX_NAME = 128;
const PLAIN = /^[^\p{Cc}\p{Cs}]+$/u;

/**
 * What a provider says of somebody is input like any other. A name that is none is left out; a subject is needed (at most
 * 255 characters, OpenID Connect Core §2).
 * @throws IamError `token-invalid`
 */
export function acceptableIdentity(identity: ExternalIdentity): ExternalIdentity {
  const { externalId, email } = identity;
  if (externalId.length > MAX_SUBJECT || !PLAIN.test(externalId)) throw new IamError('token-invalid');
  return {
    externalId,
    email: email !== null && email.length <= MAX_EMAIL && PLAIN.test(email) ? email : null,
    // The word "true" is no proof, and "false" would be one too.
    emailVerified: identity.emailVerified === true,
    displayName: nameOf(identity.displayName),
    firstName: nameOf(identity.firstName),
    lastName: nameOf(identity.lastName),
  };
}

function nameOf(raw: string | null): string | null {
  const name = raw?.trim() ?? '';
  return name.length <= MAX_NAME && PLAIN.test(name) && !name.includes('://') ? name : null;
}
