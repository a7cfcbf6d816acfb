import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { Resolve } from './guarded-lookup.ts';

const TRIES = { timeout: 1_500, tries: 2 };

/**
 * Asks the name servers of this machine, and nothing else of it. Unlike the look-up of the operating system it takes no
 * thread of the pool while it waits (Node.js, `dns`, "Implementation considerations"): whoever may name a host, and so a
 * name server that hangs, keeps nobody's password from being hashed.
 */
export function dnsResolve(servers?: readonly string[]): Resolve {
  return async (hostname) => {
    // Each finds the name servers that there are by then.
    const resolver = new Resolver(TRIES);
    if (servers) resolver.setServers(servers);
    const asked = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = asked.flatMap((answer, index): LookupAddress[] =>
      answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
    );
    if (found.length === 0 && asked[0].status === 'rejected') throw asked[0].reason;
    return found;
  };
}
