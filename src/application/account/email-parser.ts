import { EmailAddress } from '../../domain/user/email-address.ts';
import type { DomainNames } from '../../ports/domain-names.ts';

/** @throws IamError `validation-error` on the field `email` */
export type EmailParser = (raw: string) => EmailAddress;

export function emailParser(domainNames: DomainNames): EmailParser {
  return (raw) => EmailAddress.parse(raw, (domain) => domainNames.toAscii(domain));
}
