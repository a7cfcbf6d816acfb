import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';

/** Every address of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Of the operating system. */
export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * Resolves a name once for each connection, and hands on exactly what was looked at: a name that means something else a
 * moment later changes nothing. A name with one address that may not be reached has none.
 */
export function guardedLookup(resolve: Resolve, mayReach: (address: string) => boolean): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname)
      .then((addresses) => {
        const [first] = addresses;
        if (first === undefined) throw new Error('the name has no address');
        if (!addresses.every(({ address }) => mayReach(address))) throw new Error('the name leads inside');
        return { first, addresses };
      })
      .then(
        ({ first, addresses }) => (all ? callback(null, [...addresses]) : callback(null, first.address, first.family)),
        (error: Error) => callback(error, ''),
      );
  };
}
