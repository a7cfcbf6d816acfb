import { EmailAddress } from '../../domain/user/email-address.ts';
import type { DomainNames } from '../../ports/domain-names.ts';

/** `field`: the name of the input, `email` unless said. @throws IamError `validation-error` on that field */
export type EmailParser = (raw: string, field?: string) => EmailAddress;

export function emailParser(domainNames: DomainNames): EmailParser {
  return (raw, field = 'email') => EmailAddress.parse(raw, (domain) => domainNames.toAscii(domain), field);
}
