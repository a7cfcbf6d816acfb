import type { Socket } from 'node:net';
import type { Context } from 'hono';
import type { Origin } from '../../../application/actor.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { type IpAddress, isInRange, parseIpAddress, parseIpRange } from './ip-address.ts';
import { requestHeader } from './request-header.ts';

/** What requests are counted by when nothing is known of the client: one counter for all of them. */
export const UNKNOWN_NETWORK = 'unknown';

const MAX_USER_AGENT_LENGTH = 512;

/**
 * Tells where a request comes from: the socket's address, or, when the peer is a trusted proxy, the right-most hop of
 * `X-Forwarded-For` that is none. A hop that is no address ends the search at the proxy that named it, so that garbage
 * never skips a check.
 */
export function clientOrigin(deps: Pick<HttpDependencies, 'trustedProxies'>): (c: Context<HttpEnvironment>) => Origin {
  const trusted = deps.trustedProxies.flatMap((cidr) => parseIpRange(cidr) ?? []);
  // Parsed once a connection, not once a request.
  const peers = new WeakMap<Socket, { readonly address: IpAddress | undefined; readonly proxy: boolean }>();

  function peerOf(socket: Socket | undefined): { readonly address: IpAddress | undefined; readonly proxy: boolean } {
    if (socket === undefined) return { address: undefined, proxy: false };
    let peer = peers.get(socket);
    if (peer === undefined) {
      const address = parseIpAddress(socket.remoteAddress ?? '');
      peer = { address, proxy: address !== undefined && isInRange(address, trusted) };
      peers.set(socket, peer);
    }
    return peer;
  }

  function beyond(proxy: IpAddress | undefined, forwardedFor: string): IpAddress | undefined {
    let nearest = proxy;
    for (const hop of forwardedFor.split(',').reverse()) {
      const address = parseIpAddress(hop);
      if (address === undefined) return nearest;
      nearest = address;
      if (!isInRange(address, trusted)) return nearest;
    }
    return nearest;
  }

  return (c) => {
    const peer = peerOf(c.env?.incoming?.socket);
    const forwardedFor = peer.proxy ? requestHeader(c, 'x-forwarded-for') : undefined;
    const address = forwardedFor === undefined ? peer.address : beyond(peer.address, forwardedFor);
    return {
      address: address?.text ?? null,
      network: address?.network ?? null,
      userAgent: cleanUserAgent(requestHeader(c, 'user-agent')),
    };
  };
}

function cleanUserAgent(raw: string | undefined): string | null {
  if (raw === undefined || raw === '') return null;
  return raw.replace(/\p{Cc}/gu, '').slice(0, MAX_USER_AGENT_LENGTH);
}
