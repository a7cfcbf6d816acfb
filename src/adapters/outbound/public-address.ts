import ipaddr from 'ipaddr.js';

/** The part of IPv6 that is handed out (RFC 4291 §2.4): what is outside reaches nobody, or somebody within. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address is one of the open network: not loopback, private, link-local, of a cloud's metadata, multicast
 * or reserved, nor one of those inside an IPv6 address (mapped, translated, tunnelled).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}
