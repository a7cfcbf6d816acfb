import { domainToASCII } from 'node:url';
import type { DomainNames } from '../../ports/domain-names.ts';

export class IdnaDomainNames implements DomainNames {
  toAscii(domain: string): string | undefined {
    return domainToASCII(domain) || undefined;
  }
}
