import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An IP address, and what guesses and requests are counted by. */
export interface IpAddress {
  /** Canonical text; an IPv4-mapped IPv6 address is the IPv4 address. */
  readonly text: string;
  /** The IPv4 address, or the IPv6 /64: one household, one counter. */
  readonly network: string;
  readonly bytes: ipaddr.IPv4 | ipaddr.IPv6;
}

/** `undefined` for anything but one whole address: no port, no shorthand, no octal. */
export function parseIpAddress(raw: string): IpAddress | undefined {
  const text = raw.trim().replace(/%.*$/, '');
  if (isIP(text) === 0) return undefined;
  const bytes = ipaddr.process(text);
  return { text: bytes.toString(), network: networkOf(bytes), bytes };
}

function networkOf(bytes: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (bytes instanceof ipaddr.IPv4) return bytes.toString();
  return `${new ipaddr.IPv6([...bytes.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}

/** A CIDR block or a single address. */
export interface IpRange {
  readonly base: ipaddr.IPv4 | ipaddr.IPv6;
  readonly length: number;
}

/** `undefined` for anything that is neither a CIDR block nor an address. */
export function parseIpRange(raw: string): IpRange | undefined {
  const [address = '', prefix, ...rest] = raw.trim().split('/');
  const base = parseIpAddress(address)?.bytes;
  if (base === undefined || rest.length > 0) return undefined;
  const ipv4 = base instanceof ipaddr.IPv4;
  const bits = ipv4 ? 32 : 128;
  if (prefix === undefined) return { base, length: bits };
  if (!/^\d{1,3}$/.test(prefix)) return undefined;
  // A block of mapped addresses counts its prefix from the start of the IPv6 address.
  const length = Number(prefix) - (ipv4 && address.includes(':') ? 96 : 0);
  return length >= 0 && length <= bits ? { base, length } : undefined;
}

export function isInRange(address: IpAddress, ranges: readonly IpRange[]): boolean {
  return ranges.some(({ base, length }) => base.kind() === address.bytes.kind() && address.bytes.match(base, length));
}
