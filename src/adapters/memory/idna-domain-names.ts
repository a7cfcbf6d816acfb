import { domainToASCII } from 'node:url';
import type { DomainNames } from '../../ports/domain-names.ts';

// `domainToASCII` reads what the host of a URL may be: it stops at a path, strips white space, decodes percents and
// counts in IPv4. None of that belongs in a domain name.
const NOT_IN_A_NAME = /[\s/\\?#@:%[\]]/;
const IPV4 = /^\d+(?:\.\d+){3}$/;

export class IdnaDomainNames implements DomainNames {
  toAscii(domain: string): string | undefined {
    if (NOT_IN_A_NAME.test(domain)) return undefined;
    const ascii = domainToASCII(domain);
    return ascii === '' || IPV4.test(ascii) ? undefined : ascii;
  }
}
