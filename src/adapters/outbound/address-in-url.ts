import { isIP } from 'node:net';

/** The IP address that a URL names itself, which nobody looks up; `undefined` where it has a name. */
export function addressInUrl({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}
