/** The ASCII form of a domain name (UTS 46), or `undefined` when it has none. Same input, same answer, everywhere. */
export interface DomainNames {
  toAscii(domain: string): string | undefined;
}
